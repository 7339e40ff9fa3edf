// The sum of what is answered so far. It stands when every question has an answer: half a sum would be read as a low one.
(() => {
  "use strict";
  const place = document.querySelector("[data-score-sum]");
  const form = place.closest("form");
  const sum = () => {
    const chosen = [...form.querySelectorAll("fieldset input:checked")];
    place.hidden = chosen.length < form.querySelectorAll("fieldset").length;
    place.querySelector("b").textContent = chosen.reduce((total, one) => total + Number(one.value), 0);
  };
  form.addEventListener("change", sum);
  sum();
})();
