// The composer saves itself: a second after the last key, on leaving a field, and when the page is hidden. Signing waits for a save under way.
// The text is never lost: without net it lies in the vault; changed elsewhere, both texts are shown and nothing is chosen for anyone.
(() => {
  "use strict";
  const PAUSE = 1000;
  const RETRIES = [2000, 5000, 10000, 20000, 30000];

  class Autosave {
    constructor(form) {
      this.form = form;
      this.box = form.querySelector("[data-save]");
      this.words = form.querySelector("[data-save-text]");
      this.sign = form.querySelector("[data-sign]");
      this.place = form.parentElement.querySelector("[data-conflict-place]");
      this.changes = 0;
      this.savedChanges = 0;
      this.failures = 0;
      this.flight = null;
      this.base = this.sections();
      // To choose another template, or a phrase, is to write nothing yet.
      form.addEventListener("input", (event) => { if (!event.target.matches("[data-template-url], [data-phrases]")) this.changed(); });
      form.addEventListener("epj:restored", () => this.changed());
      form.addEventListener("focusout", () => this.save());
      form.addEventListener("submit", (event) => this.submit(event));
      form.addEventListener("click", (event) => this.insert(event));
      form.addEventListener("focusin", (event) => { if (event.target.matches("textarea")) this.lastText = event.target; });
      const phrases = form.querySelector("[data-phrases]");
      if (phrases) phrases.addEventListener("change", () => this.insertPhrase(phrases));
      this.choose = form.querySelector("[data-conflict-open]");
      this.choose.addEventListener("click", () => this.saveNow());
      form.addEventListener("keydown", (event) => this.shortcut(event));
      document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.leave());
      window.addEventListener("pagehide", () => this.leave());
      window.addEventListener("online", () => this.save());
      window.addEventListener("beforeunload", (event) => { if (this.unsaved && this.box.dataset.unprotected !== undefined) event.preventDefault(); });
      const template = form.querySelector("[data-template-url]");
      if (template) template.addEventListener("change", () => this.changeTemplate(template));
    }

    get unsaved() { return this.changes > this.savedChanges; }

    // The text as the server has it, sent along so that a conflict can show what it was before both windows changed it.
    sections() {
      return Object.fromEntries([...new FormData(this.form)].filter(([name]) => name.startsWith("section.")).map(([name, text]) => [name.slice(8), text]));
    }

    show(state, words) {
      this.box.dataset.save = state;
      this.words.textContent = words;
    }

    changed() {
      this.changes += 1;
      this.form.dataset.dirty = "";
      if (!this.flight && !this.failures) this.show("unsaved", epj.text("unsaved"));
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), PAUSE);
    }

    // Asked for by hand: a conflict once put aside is shown again.
    saveNow() {
      this.declined = null;
      this.changes += 1;
      return this.save();
    }

    // One save at a time; what is typed meanwhile goes with the next one.
    save() {
      clearTimeout(this.timer);
      if (this.flight) return this.flight.then(() => (this.unsaved && !this.failures ? this.save() : undefined));
      if (!this.unsaved || this.conflicted || this.signing || !this.form.isConnected) return Promise.resolve();
      const slow = setTimeout(() => this.show("saving", epj.text("saving")), 400);
      // Busy, not disabled: leaving a field starts a save, and the click that left it is often the one on «Signer». Submitting waits for the save.
      this.sign.setAttribute("aria-busy", "true");
      this.flight = this.send(this.changes).finally(() => {
        clearTimeout(slow);
        this.flight = null;
        this.sign.removeAttribute("aria-busy");
      });
      return this.flight;
    }

    async send(upTo) {
      let response;
      const body = new URLSearchParams(new FormData(this.form));
      const sent = this.sections();
      body.set("base", JSON.stringify(this.base));
      try {
        // A browser lets at most 64 kB outlive the page.
        const keepalive = document.visibilityState === "hidden" && body.toString().length < 60000;
        response = await epj.request(this.form.dataset.autosaveUrl, { method: "POST", body, keepalive, headers: { "X-EPJ-Autosave": "1" } });
      } catch {
        return this.failed("offline", epj.text("offline"));
      }
      if (response.ok) return this.saved(await response.json(), upTo, sent);
      if (response.status === 409) return this.conflict(await response.text());
      if (response.status === 410) return this.failed("failed", (await response.json()).detail, false);
      if (response.status === 401) return this.failed("offline", epj.text("locked"), false);
      if (response.status === 422) return this.failed("failed", epj.text("invalid"), false);
      return this.failed("failed", epj.text("failed"));
    }

    async saved(answer, upTo, sent) {
      this.base = sent;
      this.failures = 0;
      this.savedChanges = upTo;
      this.choose.hidden = true;
      delete this.box.dataset.unprotected;
      this.form.elements.namedItem("lock_version").value = answer.lock_version;
      if (answer.note) this.form.elements.namedItem("note").value = answer.note;
      if (answer.autosave_url) this.form.dataset.autosaveUrl = answer.autosave_url;
      this.show("saved", epj.text("saved", { time: answer.saved_at }));
      if (!this.unsaved) await epj.vault.saved(this.form);
    }

    async failed(state, words, again = true) {
      this.failures += 1;
      const kept = await epj.vault.keep(this.form).catch(() => false);
      if (!kept) this.box.dataset.unprotected = "";
      this.show(kept ? state : "failed", kept ? words : epj.text("unprotected"));
      clearTimeout(this.timer);
      if (again) this.timer = setTimeout(() => this.save(), RETRIES[Math.min(this.failures, RETRIES.length) - 1]);
    }

    async conflict(html) {
      const dialog = document.importNode(epj.fragment(html).querySelector("dialog"), true);
      await epj.vault.keep(this.form).catch(() => false);
      this.show("failed", epj.text("conflict"));
      this.choose.hidden = false;
      if (dialog.dataset.lockVersion === this.declined) return;
      this.conflicted = true;
      this.place.replaceChildren(dialog);
      dialog.addEventListener("change", (event) => {
        const row = event.target.closest("tr[data-clash]");
        if (!row) return;
        const fresh = row.querySelector('textarea[data-text="new"]');
        fresh.hidden = row.querySelector(":checked").value !== "new";
        if (!fresh.hidden) fresh.focus();
      });
      dialog.addEventListener("close", () => (dialog.returnValue === "merge" ? this.merge(dialog) : this.decline(dialog)));
      epj.openDialog(dialog);
    }

    // Keeping one's own draft: it lies in the vault while one writes on, and the choice is open until saving or signing is asked for.
    decline(dialog) {
      this.declined = dialog.dataset.lockVersion;
      this.conflicted = false;
    }

    merge(dialog) {
      for (const row of dialog.querySelectorAll("tr[data-key]")) {
        const field = this.form.elements.namedItem(`section.${row.dataset.key}`);
        if (row.hasAttribute("data-clash")) {
          const pick = row.querySelector(":checked").value;
          const source = row.querySelector(`[data-text="${pick}"]`);
          field.value = pick === "new" ? source.value : source.textContent;
        } else if (!row.querySelector('[data-text="theirs"] .epj-conflict__same')) {
          field.value = row.querySelector('[data-text="theirs"]').textContent;
        }
      }
      this.form.elements.namedItem("lock_version").value = dialog.dataset.lockVersion;
      this.conflicted = false;
      this.changed();
      this.save();
    }

    // The page may be gone before an answer: a last attempt that outlives it, and the vault, which takes what the server does not.
    leave() {
      if (!this.unsaved || this.conflicted || this.signing || !this.form.isConnected) return;
      epj.vault.keep(this.form).catch(() => {});
      this.save();
    }

    async submit(event) {
      if (event.submitter && !event.submitter.hasAttribute("data-sign")) return;
      if (this.signing) return event.preventDefault();
      if (!this.flight && !this.unsaved) { this.signing = true; return; }
      event.preventDefault();
      this.declined = null;
      await this.save();
      await this.save();
      if (this.unsaved || this.conflicted) return;
      this.form.requestSubmit(this.sign);
    }

    shortcut(event) {
      if (!(event.ctrlKey || event.metaKey)) return;
      if (event.key === "Enter") { event.preventDefault(); this.form.requestSubmit(this.sign); }
      if (event.key === "s") { event.preventDefault(); this.saveNow(); }
    }

    insert(event) {
      const button = event.target.closest("[data-insert]");
      if (!button) return;
      const field = document.getElementById(button.dataset.insert);
      field.value = [field.value.trimEnd(), button.dataset.text].filter(Boolean).join("\n");
      field.focus();
      this.changed();
    }

    // A phrase goes where one wrote last; the list then stands empty again, ready for the next.
    insertPhrase(list) {
      const field = this.lastText || this.form.querySelector("textarea");
      if (!list.value || !field) return;
      const at = field.selectionEnd ?? field.value.length;
      const gap = at && !/\s$/.test(field.value.slice(0, at)) ? " " : "";
      field.setRangeText(gap + list.value, at, at, "end");
      list.value = "";
      field.focus();
      this.changed();
    }

    // Another template is another set of sections: the draft is saved first, then the server shows it in the new shape.
    async changeTemplate(select) {
      await this.save();
      if (this.unsaved) return;
      const url = new URL(select.dataset.templateUrl, location.href);
      url.searchParams.set("template", select.value);
      location.assign(url);
    }
  }

  const all = [...document.querySelectorAll("form[data-autosave-url]")].map((form) => new Autosave(form));
  epj.autosave = { flush: () => Promise.all(all.map((one) => one.save())) };
})();
