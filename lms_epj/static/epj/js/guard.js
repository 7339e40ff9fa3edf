// Right patient, right person: a page out of the browser's memory is fetched anew, a form of another patient is not sent.
// Also what belongs to the device: day or night, the clock, the banner's one line when scrolled, the countdown of emergency access.
(() => {
  "use strict";
  const body = document.body;

  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  // The page's patient and actor against what the form says; the server checks both again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const patient = form.elements.namedItem("patient");
    const actor = form.elements.namedItem("actor");
    const otherPatient = patient instanceof HTMLInputElement && patient.type === "hidden" && body.dataset.patient && patient.value !== body.dataset.patient;
    const otherActor = actor instanceof HTMLInputElement && actor.type === "hidden" && body.dataset.user && actor.value !== body.dataset.user;
    if (otherPatient || otherActor) {
      event.preventDefault();
      event.stopImmediatePropagation();
      location.reload();
    }
  }, true);

  function switchScheme() {
    const scheme = body.dataset.colorScheme === "dark" ? "light" : "dark";
    body.dataset.colorScheme = scheme;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `epj_scheme=${scheme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    document.dispatchEvent(new CustomEvent("epj:scheme"));
  }
  document.querySelectorAll("[data-scheme-switch]").forEach((button) => button.addEventListener("click", switchScheme));

  // The server's clock goes on ticking here; the machine's own may be wrong.
  const clock = document.querySelector("[data-clock]");
  if (clock) {
    const started = performance.now();
    const base = Date.parse(clock.dateTime);
    const shown = clock.querySelector("b");
    setInterval(() => { shown.textContent = epj.clockTime(new Date(base + performance.now() - started)); }, 5000);
  }

  const banner = document.getElementById("epj-banner");
  if (banner && !banner.hasAttribute("data-mini")) {
    document.addEventListener("scroll", (event) => {
      const scroller = event.target === document ? document.scrollingElement : event.target;
      if (!scroller.matches(".epj-main, .epj-work__main, html")) return;
      if (scroller.scrollTop > 90) banner.dataset.mini = "scroll";
      else if (scroller.scrollTop < 4) delete banner.dataset.mini;
    }, { capture: true, passive: true });
  }
  if (banner) new ResizeObserver(epj.measureBanner).observe(banner);

  document.querySelectorAll("[data-countdown]").forEach((place) => {
    const end = performance.now() + Number(place.dataset.countdown) * 1000;
    const timer = setInterval(() => {
      const left = Math.max(0, Math.round((end - performance.now()) / 1000));
      place.textContent = `${String(Math.floor(left / 60)).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
      if (left === 0) {
        clearInterval(timer);
        place.textContent = epj.text("ended");
        location.reload();
      }
    }, 1000);
  });
})();
