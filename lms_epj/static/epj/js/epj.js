// What the other scripts share: texts, requests, announcements, dialogs that stay below the patient banner. Everything hangs on `window.epj`.
(() => {
  "use strict";
  const texts = JSON.parse(document.getElementById("epj-texts").textContent);
  const csrf = () => document.querySelector('meta[name="csrf-token"]').content;

  // A text with its {places} filled.
  function text(key, values = {}) {
    return texts[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  }

  function clockTime(date = new Date(), seconds = false) {
    const form = { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Oslo", hour12: false };
    return new Intl.DateTimeFormat("nb", seconds ? { ...form, second: "2-digit" } : form).format(date).replaceAll(".", ":");
  }

  // A request of our own: same origin, CSRF token, given up after `timeout` ms. A locked session is told to whoever listens for `epj:locked`.
  async function request(url, { method = "GET", body, headers = {}, timeout = 8000, keepalive = false } = {}) {
    const all = { "X-Requested-With": "XMLHttpRequest", ...headers };
    if (method !== "GET") all["X-CSRFToken"] = csrf();
    const response = await fetch(url, { method, body, headers: all, keepalive, credentials: "same-origin", redirect: "error", cache: "no-store", signal: AbortSignal.timeout(timeout) });
    if (response.status === 401) document.dispatchEvent(new CustomEvent("epj:locked", { detail: { gone: !response.headers.has("X-EPJ-Locked") } }));
    return response;
  }

  function announce(message, urgent = false) {
    const place = document.getElementById(urgent ? "epj-assertive" : "epj-polite");
    place.textContent = "";
    requestAnimationFrame(() => { place.textContent = message; });
  }

  // Our own server's HTML as nodes: scripts in it do not run, and what people wrote was escaped by the template.
  function fragment(html) {
    return new DOMParser().parseFromString(html, "text/html");
  }

  function measureBanner() {
    const banner = document.getElementById("epj-banner") || document.querySelector(".epj-top");
    if (banner) document.documentElement.style.setProperty("--epj-banner-bottom", `${Math.max(0, banner.getBoundingClientRect().bottom)}px`);
  }

  function openDialog(dialog) {
    measureBanner();
    const opener = document.activeElement;
    dialog.addEventListener("close", () => opener && opener.isConnected && opener.focus(), { once: true });
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) openDialog(document.getElementById(opener.dataset.dialog));
    const closer = event.target.closest("dialog [data-close]");
    if (closer) closer.closest("dialog").close();
    const card = event.target.closest("[data-click-through]");
    if (event.target.closest("[data-print]")) window.print();
    if (card && !event.target.closest("label, input")) card.querySelector("input").click();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
  });

  window.epj = { text, clockTime, request, announce, fragment, openDialog, measureBanner };
  const focus = document.querySelector("[data-autofocus]");
  if (focus) focus.focus();
})();
