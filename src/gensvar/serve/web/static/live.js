// Keeps an open page in step with the hub: hears of its epoch, reads the page's own address again, and changes only what differs.
import { merge } from "merge.js";

const GAP_MS = 1000, SHARE = 4; // at most one reading in a second, and at most a fifth of the time spent on it
const FIRST_WAIT_MS = 1000, LONGEST_WAIT_MS = 60_000, PATIENCE_MS = 30_000;
const SAY_EVERY_MS = 60_000, SETTLED_MS = 150, UNDER_WAY_MS = 1500;

const main = () => document.querySelector("main[data-live]");
const plain = (page) => page.getElementById("main")?.cloneNode(true);
let written = plain(document); // what the server wrote of what is shown, before any other script touches it
let pending = null; // a newer page of which a part waits until the reader is done with it
let epoch = document.body.dataset.epoch;
let stream = null, wait = FIRST_WAIT_MS, retry = 0, timer = 0, settling = 0, watching = 0;
let reading = false, asked = false, free = 0, said = -SAY_EVERY_MS;

function listen() {
  clearTimeout(retry);
  if (stream || document.hidden || navigator.connection?.saveData || !main()) return;
  stream = new EventSource("/live");
  stream.addEventListener("epoch", ({ data }) => {
    wait = FIRST_WAIT_MS;
    if (data !== epoch) renew((epoch = data));
  });
  stream.addEventListener("end", () => hush());
  stream.addEventListener("error", () => {
    hush();
    retry = setTimeout(listen, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  });
}

function hush() {
  clearTimeout(retry);
  stream?.close();
  stream = null;
}

async function renew() {
  if (reading || document.hidden) return void (asked = true);
  const rest = free - performance.now();
  clearTimeout(timer);
  if (rest > 0) return void (timer = setTimeout(renew, rest));
  const began = performance.now();
  reading = true;
  asked = false;
  try {
    await read(location.href);
  } catch {
    asked = true; // the server is on its way down or up: the next event, or the next connection, brings it
  }
  reading = false;
  free = began + Math.max(GAP_MS, SHARE * (performance.now() - began));
  if (asked && stream) renew();
  watch();
}

/** Work that is under way moves on without the hub: as long as the page shows some, it is read again every now and then. */
function watch() {
  clearTimeout(watching);
  if (main()?.querySelector("[data-under-way]")) watching = setTimeout(renew, UNDER_WAY_MS);
}

async function read(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html", "Gensvar-By-Itself": "1" }, signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (address !== location.href || document.querySelector(".htmx-request") || !page.querySelector("main[data-live]")) return void (asked = true);
  if (Number(page.body.dataset.epoch) < Number(epoch)) asked = true; // made a moment ago, and kept: the next one is on its way
  pending = plain(page);
  document.title = page.title;
  settle();
}

function settle() {
  if (!pending || !main()) return;
  const done = { held: false, seen: false, added: [] };
  merge(main(), written, pending, done);
  if (!done.held) pending = null;
  done.added.filter((one) => one.isConnected).forEach((one) => htmx.process(one));
  document.dispatchEvent(new CustomEvent("live:merged"));
  if (done.seen) say();
}

function say() {
  const status = document.getElementById("status");
  if (performance.now() - said < SAY_EVERY_MS || !status) return;
  said = performance.now();
  status.textContent = "";
  setTimeout(() => (status.textContent = status.dataset.updated), SETTLED_MS);
}

/** A part that waited is looked at again once the reader has gone on. */
function later() {
  clearTimeout(settling);
  if (pending) settling = setTimeout(settle, SETTLED_MS);
}

document.addEventListener("htmx:after:swap", ({ detail }) => {
  const page = new DOMParser().parseFromString(detail?.ctx?.text ?? "", "text/html");
  written = plain(page) ?? plain(document);
  epoch = page.body.dataset.epoch ?? epoch;
  pending = null;
});
document.addEventListener("focusout", later);
document.addEventListener("selectionchange", later);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return hush();
  listen();
  if (asked) renew();
});
window.addEventListener("pagehide", hush);
window.addEventListener("pageshow", ({ persisted }) => persisted && listen());
navigator.connection?.addEventListener?.("change", () => (navigator.connection.saveData ? hush() : listen()));
listen();
watch();
