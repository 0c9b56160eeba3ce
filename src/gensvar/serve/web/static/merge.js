// Changes a page into a newer one, and nothing of it that is alike: three trees are held beside each other, what is shown (live), what the server
// last wrote (old) and what it writes now (fresh). Only where old and fresh differ is live touched; what the reader opened, typed, chose, marked or
// scrolled is hers. Whatever is done to live is done to old as well, so that old is always what the server wrote of that which is shown.

const ELEMENT = 1;

function marked(node) {
  const selection = getSelection();
  return Boolean(selection) && !selection.isCollapsed && selection.containsNode(node, true);
}

function typedIn(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName !== "SELECT") return field.type !== "hidden" && field.type !== "file" ? field.value !== field.defaultValue : Boolean(field.files?.length);
  const chosen = [...field.options].some((one) => one.defaultSelected);
  return chosen && [...field.options].some((one) => one.selected !== one.defaultSelected);
}

function inUse(form) {
  const at = document.activeElement;
  const editing = form.contains(at) && at.matches("input:not([type=checkbox], [type=radio]), textarea, select");
  return editing || [...form.elements].some((field) => field.matches("input, textarea, select") && typedIn(field));
}

/** Whether taking this away would take something from the reader: where she is, what she has marked, what she has begun to fill in. */
function hers(node) {
  if (node.nodeType !== ELEMENT) return marked(node);
  return node.contains(document.activeElement) || marked(node) || [node, ...node.querySelectorAll("form")].some((one) => one.tagName === "FORM" && inUse(one));
}

function nameOf(node) {
  if (node.nodeType !== ELEMENT) return "";
  return node.id || node.getAttribute("data-key") || node.getAttribute("aria-labelledby") || node.querySelector(":scope > a[href]")?.getAttribute("href") || "";
}

/** fresh child → the old child that it is the newer form of: by name, else alike to the letter, else the next one of its kind. */
function matched(olds, freshes) {
  const found = new Map();
  const take = (of, pick) => {
    const free = new Map();
    for (const one of olds) if (!taken.has(one)) pick(one) && free.set(pick(one), [...(free.get(pick(one)) ?? []), one]);
    for (const one of freshes.filter((f) => !found.has(f) && of(f))) {
      const old = free.get(pick(one))?.shift();
      if (old) found.set(one, old), taken.add(old);
    }
  };
  const taken = new Set();
  take(nameOf, (n) => nameOf(n) && `${n.nodeName} ${nameOf(n)}`);
  take(() => true, (n) => (nameOf(n) ? "" : (n.outerHTML ?? `${n.nodeName} ${n.data}`)));
  take((n) => !nameOf(n), (n) => (nameOf(n) ? "" : n.nodeName));
  return found;
}

function put(parent, node, before) {
  if (parent.moveBefore && parent.isConnected && node.isConnected) parent.moveBefore(node, before);
  else parent.insertBefore(node, before);
}

function attributes(live, old, fresh) {
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) live.setAttribute(name, value), old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) live.removeAttribute(name), old.removeAttribute(name);
}

function whole(live, old, fresh, done) {
  if (hers(live)) return void (done.held = true);
  live.replaceChildren(...[...fresh.childNodes].map((one) => document.importNode(one, true)));
  old.replaceChildren(...[...fresh.childNodes].map((one) => one.cloneNode(true)));
  done.added.push(live);
  done.seen = true;
}

function children(live, old, fresh, done) {
  const shown = [...live.childNodes];
  const olds = [...old.childNodes];
  if (shown.length !== olds.length || shown.some((one, i) => one.nodeName !== olds[i].nodeName)) return whole(live, old, fresh, done);
  const liveOf = new Map(olds.map((one, i) => [one, shown[i]]));
  const match = matched(olds, [...fresh.childNodes]);
  const kept = new Set(match.values());
  const stays = new Set();
  for (const one of olds.filter((o) => !kept.has(o))) {
    if (hers(liveOf.get(one))) stays.add(one), (done.held = true);
    else liveOf.get(one).remove(), one.remove(), (done.seen = true);
  }
  let at = old.firstChild;
  for (const newer of fresh.childNodes) {
    while (stays.has(at)) at = at.nextSibling;
    const one = match.get(newer) ?? newer.cloneNode(true);
    if (!match.has(newer)) liveOf.set(one, document.importNode(newer, true)), done.added.push(liveOf.get(one)), (done.seen = true);
    if (one === at) at = at.nextSibling;
    else put(live, liveOf.get(one), at ? liveOf.get(at) : null), old.insertBefore(one, at);
    if (match.has(newer)) merge(liveOf.get(one), one, newer, done);
  }
}

function text(live, old, fresh, done) {
  if (marked(live)) return void (done.held = true);
  live.data = old.data = fresh.data;
  done.seen ||= Boolean(live.data.trim()) && (live.parentElement?.checkVisibility() ?? true);
}

/** A chart is drawn by another script: it is given its new specification, and told of. */
function chart(live, old, fresh, done) {
  live.querySelector("script").textContent = fresh.querySelector("script").textContent;
  live.querySelector(".canvas").setAttribute("aria-label", fresh.querySelector(".canvas").getAttribute("aria-label"));
  const hold = live.querySelector("svg.hold");
  hold?.setAttribute("height", fresh.querySelector("svg.hold").getAttribute("height"));
  old.replaceChildren(...[...fresh.childNodes].map((one) => one.cloneNode(true)));
  done.seen = true;
}

/**
 * Makes `live` what `fresh` is, where `old` differs from it.
 * done.held: something was left as it was, since the reader is at it; done.added: elements that are new; done.seen: whether a reader can see any of it.
 */
export function merge(live, old, fresh, done) {
  if (old.isEqualNode(fresh)) return;
  if (live.nodeType !== ELEMENT) return text(live, old, fresh, done);
  if (live.tagName === "FORM" && inUse(live)) return void (done.held = true);
  if (live.matches("input, textarea, select") && (live === document.activeElement || typedIn(live))) return void (done.held = true);
  if (live.classList.contains("chart") && fresh.querySelector("script") && live.querySelector("script")) return chart(live, old, fresh, done);
  attributes(live, old, fresh);
  children(live, old, fresh, done);
}
