// Draws each chart's specification, which is data in the page, without ever compiling text to code.
import { expressionInterpreter } from "vendor/vega-interpreter.js";

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const theme = JSON.parse(document.getElementById("chart-theme").textContent);
const shared = JSON.parse(document.getElementById("chart-shared").textContent);
const drawn = new Map();

function unpacked(text) {
  const { rows, spec } = JSON.parse(text);
  const layer = spec.layer.map((one) => ({ ...one, data: { values: one.data.map((at) => ({ ...rows[at] })) } }));
  return { ...shared, ...spec, layer };
}

function draw(place) {
  const width = place.clientWidth;
  if (!width) return;
  const mode = dark.matches && !window.matchMedia("print").matches ? "dark" : "light";
  const known = drawn.get(place);
  if (known && known.width === width && known.mode === mode) return;
  known?.view.finalize();
  const spec = unpacked(place.querySelector("script").textContent);
  const canvas = place.querySelector(".canvas");
  const compiled = vegaLite.compile({ ...spec, width }, { config: theme[mode] }).spec;
  const view = new vega.View(vega.parse(compiled, null, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "svg",
    container: canvas,
    hover: true,
    logLevel: vega.Error,
  });
  drawn.set(place, { view, width, mode });
  view.runAsync().then(() => place.classList.add("drawn"));
}

const sized = new ResizeObserver((entries) => entries.forEach((entry) => draw(entry.target)));
const seen = new IntersectionObserver(
  (entries) =>
    entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
      seen.unobserve(entry.target);
      sized.observe(entry.target);
    }),
  { rootMargin: "600px" },
);

function find(root) {
  root.querySelectorAll(".chart").forEach((place) => seen.observe(place));
}

function redraw() {
  for (const place of drawn.keys()) {
    if (place.isConnected) draw(place);
    else {
      sized.unobserve(place);
      drawn.get(place).view.finalize();
      drawn.delete(place);
    }
  }
}

find(document);
dark.addEventListener("change", redraw);
document.addEventListener("htmx:after:swap", () => {
  redraw();
  find(document);
});
window.addEventListener("beforeprint", () => document.querySelectorAll(".chart").forEach(draw));
