// The first field is ready to be typed in, and Enter goes to the next field of a measuring form: which button saves says something of the patient, so no key presses one by chance.
(() => {
  "use strict";
  const form = document.querySelector("form[data-enter-moves]");
  if (!form) return;
  const first = form.querySelector(".epj-measure__grid input");
  if (first && !form.querySelector(".epj-errors")) first.focus();
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    const stops = [...form.querySelectorAll("input:not([type=hidden]):not([type=checkbox]), textarea, fieldset button")];
    const next = stops[stops.indexOf(event.target) + 1];
    if (next) next.focus();
  });
})();
