// Unsent text on this device, as ciphertext only: AES-GCM, with a key the server gives its author after log-in and that lives in memory.
// One record per author + patient + form, gone when saved or after 72 hours. Forms say `data-vault-form`; `data-posted` when the server shows
// them again with what was typed, which is then no more stored than before.
(() => {
  "use strict";
  const LIFE = 72 * 3600 * 1000;
  const { user, draftKeyUrl } = document.body.dataset;
  const forms = [...document.querySelectorAll("form[data-vault-form]")];
  const SENT = "epj-sent";
  let key = null;

  function database() {
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open("epj-vault", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("drafts");
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
  }
  async function store(mode, act) {
    const opened = await database();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = opened.transaction("drafts", mode);
        const asked = act(transaction.objectStore("drafts"));
        transaction.oncomplete = () => resolve(asked && asked.result);
        transaction.onerror = () => reject(transaction.error);
      });
    } finally {
      opened.close();
    }
  }

  // The server's key, once per page. Null when it is not to be had (no net, locked): then nothing is written.
  async function fetchKey() {
    if (key) return key;
    const response = await epj.request(draftKeyUrl);
    if (!response.ok) return null;
    const raw = Uint8Array.from(atob((await response.json()).key), (letter) => letter.charCodeAt(0));
    key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    raw.fill(0);
    return key;
  }

  const slot = (form) => [user, form.dataset.patient || document.body.dataset.patient || "-", form.dataset.vaultForm].join("|");

  // Text fields and choices; never hidden fields, for they carry versions and tokens of the moment.
  function values(form) {
    const found = {};
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "password" || field.type === "submit" || field.type === "file") continue;
      if (field.type === "checkbox" || field.type === "radio") (found[field.name] ||= []).push(...(field.checked ? [field.value] : []));
      else found[field.name] = field.value;
    }
    return found;
  }

  function fill(form, found) {
    for (const field of form.elements) {
      if (!field.name || !(field.name in found) || field.type === "hidden") continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = found[field.name].includes(field.value);
      else field.value = found[field.name];
    }
  }

  async function keep(form) {
    if (!(await fetchKey().catch(() => null))) return false;
    const name = slot(form);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(values(form)));
    // The slot is bound to the ciphertext, so that a record moved to another patient does not open.
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) }, key, plain);
    const version = form.elements.namedItem("lock_version");
    await store("readwrite", (drafts) => drafts.put({ iv, data, at: Date.now(), version: version && version.value }, name));
    return true;
  }

  // Files that were chosen and are not sent: each as ciphertext in a record beside the form's. Given back as files, in their order.
  const beside = (form) => `${slot(form)}|filer`;
  async function keepFiles(form, chosen) {
    if (!chosen.length) return void (await dropFiles(form));
    if (!(await fetchKey().catch(() => null))) return;
    const name = beside(form);
    const files = [];
    for (const { blob, name: called } of chosen) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) }, key, await blob.arrayBuffer());
      files.push({ iv, data, type: blob.type, called });
    }
    await store("readwrite", (drafts) => drafts.put({ files, at: Date.now() }, name));
  }
  async function files(form) {
    const name = beside(form);
    const record = await store("readonly", (drafts) => drafts.get(name));
    if (!record || !(await fetchKey().catch(() => null))) return [];
    try {
      return await Promise.all(record.files.map(async ({ iv, data, type, called }) => {
        const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) }, key, data);
        return new File([plain], called, { type });
      }));
    } catch {
      await dropFiles(form);
      return [];
    }
  }
  const dropFiles = (form) => store("readwrite", (drafts) => drafts.delete(beside(form)));

  const drop = (form) => store("readwrite", (drafts) => drafts.delete(slot(form)));

  async function purge() {
    await store("readwrite", (drafts) => {
      const walk = drafts.openCursor();
      walk.onsuccess = () => {
        const cursor = walk.result;
        if (!cursor) return;
        if (Date.now() - cursor.value.at > LIFE) cursor.delete();
        cursor.continue();
      };
    });
  }

  // What was not saved comes back with the version it was written on: has the server got something newer, the next save is answered with both texts.
  async function restore(form) {
    const name = slot(form);
    const record = await store("readonly", (drafts) => drafts.get(name));
    if (!record) return;
    let found;
    try {
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: record.iv, additionalData: new TextEncoder().encode(name) }, key, record.data);
      found = JSON.parse(new TextDecoder().decode(plain));
    } catch {
      return void (await drop(form));
    }
    if (JSON.stringify(found) === JSON.stringify(values(form))) return void (await drop(form));
    fill(form, found);
    if (record.version) form.elements.namedItem("lock_version").value = record.version;
    const message = epj.text("restored", { time: epj.clockTime(new Date(record.at)) });
    const note = document.createElement("p");
    note.className = "epj-alert";
    note.dataset.color = "info";
    note.textContent = `${message} `;
    if (!form.dataset.autosaveUrl) {
      const discard = document.createElement("button");
      discard.type = "button";
      discard.className = "ds-button";
      discard.dataset.variant = "secondary";
      discard.dataset.small = "";
      discard.textContent = epj.text("discard");
      discard.addEventListener("click", () => Promise.all([drop(form), dropFiles(form)]).then(() => location.assign(location.href)));
      note.append(discard);
    }
    (form.querySelector(".epj-composer__body") || form).prepend(note);
    epj.announce(message);
    form.dispatchEvent(new CustomEvent("epj:restored", { bubbles: true }));
  }

  // A form without autosave is done when the server has answered, which only the next page can tell: an answer was asked for from the form's page, and
  // it leads on or shows the form as posted. Whatever else comes – no net, a log-in, the browser's own page and then back – leaves the text where it is.
  function send(form) {
    pause(form);
    keep(form).catch(() => {});
    sessionStorage.setItem(SENT, JSON.stringify({ slot: slot(form), from: location.href.split("#")[0] }));
  }
  async function settle() {
    const sent = JSON.parse(sessionStorage.getItem(SENT) || "null");
    sessionStorage.removeItem(SENT);
    if (!sent || document.referrer !== sent.from) return;
    const [arrival] = performance.getEntriesByType("navigation");
    const same = forms.find((form) => slot(form) === sent.slot);
    if (same && same.dataset.posted !== undefined) return void (await keep(same));
    if (!same || (arrival && arrival.redirectCount > 0)) await store("readwrite", (drafts) => drafts.delete(sent.slot));
  }

  const waiting = new Map();
  function soon(form) {
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => keep(form).catch(() => {}), 400));
  }
  const pause = (form) => clearTimeout(waiting.get(form));
  const unsaved = () => forms.filter((form) => form.isConnected && form.dataset.dirty !== undefined);

  for (const form of forms) {
    form.addEventListener("input", () => { form.dataset.dirty = ""; soon(form); });
    if (!form.dataset.autosaveUrl) form.addEventListener("submit", () => form.dataset.upload === undefined && send(form));
  }
  window.epj.vault = {
    keep, fetchKey, unsaved, keepFiles, files, dropFiles,
    saved(form) { pause(form); delete form.dataset.dirty; return drop(form).catch(() => {}); },
  };
  window.epj.vault.ready = (async () => {
    if (!forms.length) return void (await settle());
    await purge();
    const known = await fetchKey();
    await settle();
    if (known) for (const form of forms) if (form.dataset.posted === undefined) await restore(form);
  })().catch(() => {});
})();
