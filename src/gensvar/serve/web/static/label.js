// Labelling by keys: 1 to 4 choose the tone, t opens the topics. Off while somebody types, and with any modifier; without this script, buttons do.
const form = document.querySelector("[data-label]"), more = form?.querySelector("[data-topics]");
const typing = (at) => at.closest("input[type=text], textarea, select, dialog, [contenteditable]");
form && addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  const button = form.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (button) form.requestSubmit(button);
  else if (event.key === "t" && more) {
    more.open = !more.open;
    if (more.open) more.querySelector("input").focus();
  } else return;
  event.preventDefault();
});
