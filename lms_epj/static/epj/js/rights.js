// The matrix of rights: a changed cell is marked, and the bar says how many are not saved. Without it the form works as it is.
(() => {
  "use strict";
  // The list of roles scrolls by itself on a tablet: the chosen one must be seen.
  const chosen = document.querySelector(".epj-roles [aria-current]");
  const list = chosen?.closest("ul");
  if (list && list.scrollHeight > list.clientHeight) list.scrollTop = chosen.offsetTop - list.offsetTop - 40;

  const form = document.querySelector("[data-rights]");
  const bar = form?.querySelector("[data-bar]");
  if (!bar) return;
  const cells = [...form.querySelectorAll("select[data-held]")];
  const count = bar.querySelector("[data-count]");

  function show() {
    let changed = 0;
    for (const cell of cells) {
      cell.dataset.look = cell.selectedOptions[0].dataset.look;
      const differs = cell.value !== cell.dataset.held;
      cell.toggleAttribute("data-changed", differs);
      changed += differs;
    }
    bar.hidden = changed === 0;
    count.hidden = changed === 0;
    count.textContent = changed === 1 ? count.dataset.one : count.dataset.many.replace("{n}", changed);
  }

  form.addEventListener("change", show);
  show();
})();
