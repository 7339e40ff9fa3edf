// Shortcuts: an element says `data-key="n"` or `data-key="g t"`, and the list under `?` is made from what the page has.
// Single letters work only outside fields and can be switched off (WCAG 2.1.4).
(() => {
  "use strict";
  const OFF = "epj-keys-off";
  let first = "";
  let waiting;

  const isOff = () => localStorage.getItem(OFF) === "1";
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  function act(element) {
    if (element.matches("input, textarea, select")) element.focus();
    else element.click();
  }

  function step(forward) {
    const rows = [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const row = rows[at + (forward ? 1 : -1)] || rows[forward ? 0 : rows.length - 1];
    if (!row) return;
    const target = row.querySelector("a, button") || row;
    if (target === row) row.tabIndex = -1;
    target.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  function list() {
    const dialog = document.createElement("dialog");
    dialog.className = "epj-dialog";
    dialog.setAttribute("aria-label", epj.text("keys"));
    const found = [...document.querySelectorAll("[data-key]")].map((element) => [element.dataset.key, element.dataset.keyLabel || (element.querySelector("span:not(.ds-sr-only)") || element).textContent.trim()]);
    const always = [["F9", epj.text("lockKey")], ["Ctrl+S", epj.text("saveKey")], ["Ctrl+Enter", epj.text("signKey")], ["j k", epj.text("rowsKey")], ["?", epj.text("listKey")]];
    const body = document.createElement("div");
    body.className = "epj-dialog__body epj-pad";
    const keys = document.createElement("dl");
    keys.className = "epj-keys";
    for (const [key, label] of [...found, ...always]) {
      const term = document.createElement("dt");
      const mark = document.createElement("kbd");
      mark.textContent = key;
      term.append(mark);
      const words = document.createElement("dd");
      words.textContent = label;
      keys.append(term, words);
    }
    const choice = document.createElement("label");
    choice.className = "epj-choice epj-pad";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = !isOff();
    box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
    choice.append(box, epj.text("keysOn"));
    body.append(keys, choice);
    const foot = document.createElement("div");
    foot.className = "epj-dialog__foot";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "ds-button";
    close.dataset.close = "";
    close.textContent = epj.text("close");
    foot.append(close);
    dialog.append(body, foot);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    epj.openDialog(dialog);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target) || document.querySelector("dialog[open], .epj-locked")) return;
    if (event.key === "?") { event.preventDefault(); return list(); }
    if (isOff()) return;
    if (event.key === "j" || event.key === "k") { event.preventDefault(); return step(event.key === "j"); }
    const pressed = first ? `${first} ${event.key}` : event.key;
    clearTimeout(waiting);
    first = "";
    const found = [...document.querySelectorAll(`[data-key="${CSS.escape(pressed)}"]`)].find((element) => element.offsetParent !== null);
    if (found) { event.preventDefault(); return act(found); }
    if (document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) {
      first = event.key;
      waiting = setTimeout(() => { first = ""; }, 1500);
    }
  });
})();
