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
  const text = place.querySelector("script").textContent;
  if (known && known.width === width && known.mode === mode && known.text === text) return;
  const spec = unpacked(text);
  const canvas = place.querySelector(".canvas").cloneNode(false); // drawn apart, and put in its place when ready: the page never shows a hole
  const compiled = vegaLite.compile({ ...spec, width }, { config: theme[mode] }).spec;
  const view = new vega.View(vega.parse(compiled, null, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "svg",
    container: canvas,
    hover: true,
    logLevel: vega.Error,
  });
  drawn.set(place, { view, width, mode, text });
  view.runAsync().then(() => {
    known?.view.finalize();
    if (drawn.get(place)?.view === view) place.querySelector(".canvas").replaceWith(canvas);
  });
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
for (const moved of ["htmx:after:swap", "live:merged"])
  document.addEventListener(moved, () => {
    redraw();
    find(document);
  });
window.addEventListener("beforeprint", () => document.querySelectorAll(".chart").forEach(draw));
