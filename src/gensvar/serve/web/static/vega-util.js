// The three names that vega-interpreter needs of vega-util: two are in the drawn library already.
export { DisallowedObjectProperties } from "vendor/vega-util-interpreter.js";
export const { ascending, isString } = window.vega;
