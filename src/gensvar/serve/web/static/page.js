// Small courtesies: clean addresses, focus that stays, news for those who listen, and no form sent twice.
document.addEventListener("formdata", ({ formData, target }) => {
  if (target.method !== "get") return;
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});

let focused = "";
document.addEventListener("change", ({ target }) => (focused = target.id));
document.addEventListener("htmx:after:swap", () => {
  const again = focused && document.getElementById(focused);
  if (again && document.activeElement === document.body) again.focus({ preventScroll: true });
  const said = document.querySelector("main h1");
  const status = document.getElementById("status");
  if (said && status.textContent !== said.textContent) status.textContent = said.textContent;
});

document.addEventListener("submit", ({ target }) => {
  if (!target.hasAttribute("data-once")) return;
  target.setAttribute("aria-busy", "true");
  setTimeout(() => target.querySelectorAll("button").forEach((button) => (button.disabled = true)));
});
window.addEventListener("pageshow", () =>
  document.querySelectorAll("form[aria-busy]").forEach((form) => {
    form.removeAttribute("aria-busy");
    form.querySelectorAll("button").forEach((button) => (button.disabled = false));
  }),
);

// On a narrow screen the rooms are a bar that scrolls: the current one is never out of sight.
document.querySelector(".rooms [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" });
