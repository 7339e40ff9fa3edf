// A page that follows along: asks every 12 seconds with the tag it has; 304 means nothing new, and nothing logged. Rows are swapped by id.
// A row someone stands in is left and marked «Endret»; order changes wait until the pointer has been still for 3 seconds.
(() => {
  "use strict";
  const EVERY = 12000;
  const root = document.querySelector("[data-live-url]");
  if (!root) return;
  const status = document.getElementById("epj-live-status");
  const strip = document.getElementById("epj-live-strip");
  let tag = root.dataset.liveTag || "";
  let contact = Date.now();
  let seen = root.dataset.liveAt;
  let moved = 0;
  let pending = null;
  document.addEventListener("pointermove", () => { moved = Date.now(); }, { passive: true });

  const busy = (row) => row.contains(document.activeElement) || row.querySelector('details[open], [aria-expanded="true"], dialog[open]');

  function swap(old, fresh) {
    if (old.outerHTML === fresh.outerHTML) return;
    if (busy(old)) {
      if (old.querySelector(".epj-changed")) return;
      const mark = document.createElement("span");
      mark.className = "epj-changed";
      mark.textContent = epj.text("changed");
      (old.querySelector("a, td:nth-child(2), div") || old).after(mark);
      return;
    }
    if (fresh.dataset.level === "high" && old.dataset.level !== "high") epj.announce(epj.text("alarm", { text: fresh.dataset.alarmText }), true);
    old.replaceWith(fresh);
  }

  function merge(list, fresh) {
    const wanted = [...fresh.children].map((row) => document.importNode(row, true));
    const ids = new Set(wanted.map((row) => row.id));
    for (const old of [...list.children]) {
      if (!ids.has(old.id) && !busy(old)) old.remove();
    }
    for (const row of wanted) {
      const old = row.id && [...list.children].find((child) => child.id === row.id);
      if (old) swap(old, row);
      else list.append(row);
    }
    const order = [...list.children];
    const target = wanted.map((row) => order.find((child) => child.id === row.id)).filter(Boolean);
    if (target.some((row, index) => order[index] !== row)) {
      if (Date.now() - moved < 3000 || list.contains(document.activeElement)) return false;
      list.append(...target);
    }
    return true;
  }

  function apply(answer) {
    let settled = true;
    for (const fresh of answer.querySelectorAll("[data-live-list]")) {
      const list = document.getElementById(fresh.id);
      if (list) settled = merge(list, fresh) && settled;
    }
    for (const fresh of answer.querySelectorAll("[data-live-text]")) {
      const place = document.getElementById(fresh.id);
      if (place && place.textContent !== fresh.textContent) place.textContent = fresh.textContent;
    }
    pending = settled ? null : answer;
  }

  function show() {
    const silent = Date.now() - contact;
    const state = silent > 120000 ? "lost" : silent > 30000 ? "stale" : "live";
    const before = root.dataset.liveState || "live";
    root.dataset.liveState = state;
    if (state === "live") {
      status.textContent = epj.text("live", { time: seen });
      if (before !== "live") strip.textContent = "";
    } else if (state !== before) {
      strip.textContent = epj.text(state, { time: seen });
      status.textContent = "";
      if (state === "lost") epj.announce(strip.textContent, true);
    }
  }

  async function poll() {
    if (!document.contains(root)) return;
    try {
      const response = await epj.request(root.dataset.liveUrl, { headers: { "X-EPJ-Poll": "1", ...(tag ? { "If-None-Match": tag } : {}) } });
      if (response.ok) {
        tag = response.headers.get("ETag") || "";
        apply(epj.fragment(await response.text()));
      }
      if (response.ok || response.status === 304) {
        contact = Date.now();
        seen = epj.clockTime();
        if (pending) apply(pending);
      }
    } catch {
      // No answer: `show` says how old the page is.
    }
    show();
    setTimeout(poll, EVERY);
  }
  setTimeout(poll, EVERY);
  setInterval(show, 5000);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && show());
})();
