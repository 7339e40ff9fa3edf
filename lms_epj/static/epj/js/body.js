// The body as a picture to press on: the radios beside it are the choice, and the picture shows it. With the keyboard one walks through the radios.
(() => {
  "use strict";
  const map = document.querySelector("[data-body-map]");
  if (!map) return;
  const form = map.closest("form");
  const name = form.querySelector("[data-body-name]");
  const radios = [...form.querySelectorAll("input[name=site]")];

  function show() {
    const radio = radios.find((one) => one.checked);
    for (const part of map.querySelectorAll("[data-site]")) part.toggleAttribute("data-chosen", Boolean(radio) && part.dataset.site === radio.value);
    if (!radio) return;
    name.textContent = radio.parentElement.textContent.trim();
    radio.parentElement.scrollIntoView({ block: "nearest" });
  }
  map.addEventListener("click", (event) => {
    const part = event.target.closest("[data-site]");
    const radio = part && radios.find((one) => one.value === part.dataset.site);
    if (!radio) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    show();
  });
  form.addEventListener("change", show);
  form.addEventListener("epj:restored", show);
  show();
})();
