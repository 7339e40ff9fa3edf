// A screen left alone locks itself: the content leaves the page, unsent text lies in the vault, the same person goes on with a PIN.
// Polling is not activity; only what hands do here is. All tabs of this browser lock and wake together.
(() => {
  "use strict";
  const { user, idleSeconds, lockUrl, unlockUrl, extendUrl } = document.body.dataset;
  const OWED = "epj-lock-owed";
  const IDLE = Number(idleSeconds) * 1000;
  const WARN = Math.min(60000, IDLE / 2);
  const warning = document.getElementById("epj-idle");
  const template = document.getElementById("epj-lock-template");
  const tabs = new BroadcastChannel("epj-session");
  let active = Date.now();
  let told = Date.now();
  let locked = false;

  function touched(own = true) {
    active = Date.now();
    warning.hidden = true;
    // Pointer moves come by the hundred; the other tabs hear of them at most every few seconds.
    if (own && active - touched.sent > 3000) {
      touched.sent = active;
      tabs.postMessage("active");
    }
  }
  touched.sent = 0;
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"]) {
    document.addEventListener(kind, () => !locked && touched(), { capture: true, passive: true });
  }
  tabs.addEventListener("message", (event) => {
    if (event.data === "active") touched(false);
    if (event.data === "locked") blank();
    if (event.data === "unlocked" && locked) location.reload();
  });

  function tick() {
    if (locked) return;
    const still = Date.now() - active;
    if (still >= IDLE) return void lock();
    if (still >= IDLE - WARN) {
      warning.querySelector("span").textContent = epj.text("idleWarning", { seconds: Math.ceil((IDLE - still) / 1000) });
      warning.hidden = false;
    }
    // The server counts too: one who reads without asking for anything tells it that he is there.
    if (active > told && Date.now() - told > IDLE / 3) {
      told = Date.now();
      epj.request(extendUrl, { method: "POST" }).catch(() => {});
    }
  }
  setInterval(tick, 1000);
  warning.querySelector("button").addEventListener("click", () => touched());

  async function lock() {
    if (locked) return;
    if (epj.autosave) await Promise.race([epj.autosave.flush(), new Promise((done) => setTimeout(done, 2000))]);
    // The screen goes blank whether or not the server hears of it; without net it locks by its own clock.
    await blank();
    tellServer();
    tabs.postMessage("locked");
  }

  // Until the server has heard of a lock, the device remembers that it is owed: a reload or the next person must not find the session open.
  async function tellServer() {
    localStorage.setItem(OWED, user);
    const heard = await epj.request(lockUrl, { method: "POST" }).then((response) => response.ok || response.status === 401, () => false);
    if (heard) localStorage.removeItem(OWED);
    return heard;
  }

  async function handOver(panel) {
    if (await tellServer()) location.assign("/");
    else panel.querySelector("[role=alert]").textContent = epj.text("noContact");
  }

  // Takes the content out of the page at once; then the vault takes the text. What it cannot take now (no key, no net) stays in memory, in its
  // own form, and is tried again when the screen is unlocked.
  async function blank() {
    if (locked) return;
    locked = true;
    warning.hidden = true;
    const held = new Set(epj.vault.unsaved());
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    document.querySelectorAll("body > *:not(script):not(template):not(#epj-polite):not(#epj-assertive):not(#epj-idle)").forEach((part) => part.remove());
    document.title = document.title.split(" – ").pop();
    document.body.append(document.importNode(template.content, true));
    const panel = document.querySelector(".epj-locked");
    panel.querySelector("form").addEventListener("submit", (event) => unlock(event, panel, held));
    panel.querySelector("[data-handover]").addEventListener("click", () => handOver(panel));
    panel.querySelector("input").focus();
    for (const form of [...held]) {
      if (await epj.vault.keep(form).catch(() => false)) held.delete(form);
    }
  }

  async function unlock(event, panel, held) {
    event.preventDefault();
    const pin = panel.querySelector("input");
    const error = panel.querySelector("[role=alert]");
    error.textContent = "";
    let response;
    try {
      response = await fetch(unlockUrl, { method: "POST", body: new URLSearchParams({ pin: pin.value }), headers: { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content, "X-EPJ-Overlay": "1" }, credentials: "same-origin", redirect: "error" });
    } catch {
      error.textContent = epj.text("noContact");
      return;
    }
    pin.value = "";
    if (response.ok) {
      for (const form of held) await epj.vault.keep(form).catch(() => false);
      localStorage.removeItem(OWED);
      tabs.postMessage("unlocked");
      location.reload();
    } else if (response.status === 403) {
      error.textContent = epj.text("wrongPin");
      pin.setAttribute("aria-invalid", "true");
      pin.focus();
    } else {
      location.assign("/");
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "F9") return;
    event.preventDefault();
    lock();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-lock-form]")) return;
    event.preventDefault();
    lock();
  });
  document.addEventListener("epj:locked", () => { blank(); });
  window.addEventListener("online", () => { if (locked && localStorage.getItem(OWED) === user) tellServer(); });
  if (localStorage.getItem(OWED) === user) lock();
  document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status === 401) blank(); });
})();
