// An assessment: the area and the sum of the bed as one types, and the next change by one press. Two images: one laid over the other, with a slider.
(() => {
  "use strict";
  const form = document.querySelector("form[data-upload]");
  const number = (name) => {
    const text = form.elements.namedItem(name).value.trim();
    return /^\d+$/.test(text) ? Number(text) : null;
  };
  if (form) {
    const area = form.querySelector("[data-area]");
    const bed = form.querySelector("[data-bed]");
    const show = () => {
      const [length, width] = [number("length_mm"), number("width_mm")];
      area.textContent = length && width ? `${(Math.round(length * width / 10) / 10).toFixed(1).replace(".", ",")} cm²` : "";
      const shares = ["granulation", "fibrin", "necrosis"].map(number);
      bed.textContent = shares.some((share) => share !== null) ? `${shares.reduce((sum, share) => sum + (share || 0), 0)} %` : "";
    };
    form.addEventListener("input", show);
    form.addEventListener("epj:restored", show);
    show();
    const next = form.querySelector("[data-next-change]");
    next.hidden = false;
    next.addEventListener("click", (event) => {
      const days = Number(event.target.dataset.days || 0);
      if (!days) return;
      const day = new Date(Date.now() + days * 24 * 3600 * 1000);
      const words = new Intl.DateTimeFormat("nb", { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "Europe/Oslo" }).format(day);
      const field = form.elements.namedItem("next_change_at");
      field.value = `${words} 10:00`;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  const toggle = document.querySelector("[data-overlay]");
  if (toggle) {
    const beside = document.querySelector("[data-compare]");
    const box = document.querySelector("[data-overlay-box]");
    const slider = box.querySelector("input");
    const images = [...beside.querySelectorAll("img")].map((image) => image.src);
    toggle.hidden = false;
    const cut = () => box.style.setProperty("--epj-cut", `${100 - Number(slider.value)}%`);
    slider.addEventListener("input", cut);
    toggle.addEventListener("click", () => {
      const over = box.hidden;
      box.querySelector("[data-under]").src = images[0];
      box.querySelector("[data-over]").src = images[1];
      box.hidden = !over;
      beside.hidden = over;
      toggle.setAttribute("aria-pressed", String(over));
      cut();
      if (over) slider.focus();
    });
  }
})();
