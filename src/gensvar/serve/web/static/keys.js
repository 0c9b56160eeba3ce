// Search and keys: “/” finds, “?” tells the keys, “g” and a letter goes to a room, j and k walk through what stands on the page.
// Single keys are off while somebody types, and wherever a reader has switched them off; the link to Search works without any of this.
const OFF = "gensvar-keys", PAUSE_MS = 120, SECOND_KEY_MS = 1500;
const link = document.querySelector("[data-find]");
let asked = null, pause = 0, going = 0;

function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

function kept(value) {
  try {
    if (value !== undefined) localStorage.setItem(OFF, value);
    return localStorage.getItem(OFF);
  } catch {
    return null; // a browser that keeps nothing: the keys are on
  }
}

function opened(dialog) {
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
}

/* Search: a combobox over a list of links (ARIA APG, editable combobox with list autocomplete). */
function search() {
  const field = make("input", {
    type: "text", name: "q", role: "combobox", id: "find-field", "aria-controls": "find-list", "aria-expanded": "false", "aria-autocomplete": "list",
    "aria-label": link.dataset.find, placeholder: link.dataset.find, autocomplete: "off", spellcheck: "false", enterkeyhint: "search", maxlength: "200",
  });
  const list = make("div", { class: "found", role: "listbox", id: "find-list", "aria-label": link.dataset.found });
  const said = make("p", { class: "small", role: "status" });
  const form = make("form", { action: link.href, role: "search" }, field);
  const dialog = make("dialog", { class: "palette", "aria-label": link.textContent.replace("/", "").trim() }, form, list, said);
  list.hidden = said.hidden = true;
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => find(field, list, said), PAUSE_MS);
  });
  field.addEventListener("keydown", (event) => walk(event, field, list));
  list.addEventListener("click", ({ target }) => go(target.closest("[data-href]")));
  dialog.addEventListener("close", () => link.focus());
  opened(dialog);
}

async function find(field, list, said) {
  asked?.abort();
  asked = new AbortController();
  const q = field.value.trim();
  if (!q) return show({ groups: [], said: "" }, field, list, said);
  try {
    const answer = await fetch(`${link.pathname}.json?${new URLSearchParams({ q })}`, { signal: asked.signal });
    if (answer.ok) show(await answer.json(), field, list, said);
  } catch (stopped) {
    if (stopped.name !== "AbortError") said.textContent = "";
  }
}

function show({ groups, said: text }, field, list, said) {
  const parts = groups.map((group, i) =>
    make(
      "div",
      { role: "group", "aria-labelledby": `find-${i}` },
      make("span", { role: "presentation", id: `find-${i}` }, group.title),
      ...group.items.map((item, j) =>
        make("div", { role: "option", id: `find-${i}-${j}`, "data-href": item.href, "aria-selected": "false" }, make("b", {}, item.title), make("span", {}, item.says)),
      ),
    ),
  );
  list.replaceChildren(...parts);
  list.hidden = !parts.length;
  said.textContent = text;
  said.hidden = !text;
  field.setAttribute("aria-expanded", String(parts.length > 0));
  choose(list.querySelector("[role=option]"), field, list);
}

function choose(option, field, list) {
  list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
}

function walk(event, field, list) {
  const options = [...list.querySelectorAll("[role=option]")];
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && options.length) choose(options[(at + step + options.length) % options.length], field, list);
  else if (event.key === "Enter" && options[at] && !event.isComposing) go(options[at]);
  else return;
  event.preventDefault();
}

function go(option) {
  if (option) location.assign(option.dataset.href);
}

/* The keys: what the page about them says, as a dialog. */
async function help() {
  const address = document.querySelector("[data-keys]").href;
  const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
  const about = page.getElementById("about-keys");
  if (!about) return location.assign(address);
  const dialog = make("dialog", { "aria-labelledby": "about-keys-title" }, document.importNode(about, true));
  opened(dialog);
  switches(dialog);
}

/** Walks to the next block, or back: its heading takes the focus, so that reading and tabbing go on from there. */
function step(by) {
  const blocks = [...document.querySelectorAll("main .block, main .guide")].filter((one) => one.checkVisibility());
  const at = blocks.findIndex((one) => one.contains(document.activeElement));
  const next = blocks[at < 0 ? (by > 0 ? 0 : blocks.length - 1) : Math.min(Math.max(at + by, 0), blocks.length - 1)];
  const heading = next?.querySelector("h2 a, h2, h3, a");
  if (!heading) return;
  if (!heading.matches("a")) heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
}

const KEYS = { "/": search, "?": help, j: () => step(1), k: () => step(-1) };

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog") || kept() === "off") return;
  const room = performance.now() < going && document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
  going = event.key === "g" && !room ? performance.now() + SECOND_KEY_MS : 0;
  if (room) room.click();
  else if (KEYS[event.key]) KEYS[event.key]();
  else return;
  event.preventDefault();
});

link?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || location.pathname === link.pathname) return;
  event.preventDefault();
  search();
});

function switches(root) {
  for (const one of root.querySelectorAll("[data-keys-switch]")) {
    one.checked = kept() !== "off";
    one.addEventListener("change", () => {
      kept(one.checked ? "on" : "off");
      marked();
    });
  }
}

function marked() {
  document.documentElement.classList.toggle("no-keys", kept() === "off");
}

switches(document);
marked();
