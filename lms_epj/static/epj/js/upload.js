// Forms with files: what is taken or chosen is shown at once, made smaller before it is sent, and stays – with what was typed – until the server has
// said that it is stored. The form's own key makes a second try harmless. A locked screen keeps the files as the vault keeps text.
(() => {
  "use strict";
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const LARGEST = 20 * 1024 * 1024;
  const SIDE = 2000;
  const SMALL = 200;
  const picker = form.querySelector("[data-picker]");
  const list = picker.querySelector("[data-chosen]");
  const inputs = [...picker.querySelectorAll("input[type=file]")];
  const field = picker.dataset.picker;
  const most = Number(picker.dataset.most || 1);
  const state = form.querySelector("[data-upload-state]");
  const failed = form.querySelector("[data-upload-failed]");
  const errors = form.querySelector("[data-upload-errors]");
  const button = form.querySelector("button:not([type])");
  let chosen = [];
  let sending = false;

  async function smaller(file) {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = Math.min(1, SIDE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * share);
    canvas.height = Math.round(image.height * share);
    const paper = canvas.getContext("2d");
    paper.fillStyle = "#fff";
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
    return { canvas, blob };
  }

  function preview(canvas) {
    const share = Math.min(1, SMALL / Math.max(canvas.width, canvas.height));
    const small = document.createElement("canvas");
    small.width = Math.round(canvas.width * share);
    small.height = Math.round(canvas.height * share);
    small.getContext("2d").drawImage(canvas, 0, 0, small.width, small.height);
    small.setAttribute("role", "img");
    small.setAttribute("aria-label", epj.text("chosenImage"));
    return small;
  }

  async function add(files) {
    fail("");
    for (const file of files) {
      const one = { blob: file, name: file.name || "bilde.jpg", shown: null };
      if (file.type !== "application/pdf") {
        try {
          const made = await smaller(file);
          one.shown = preview(made.canvas);
          if (made.blob && (made.blob.size < file.size || file.size > LARGEST)) one.blob = made.blob;
        } catch { /* not an image that this browser reads: the server says what it is */ }
      }
      if (one.blob.size > LARGEST) { fail(epj.text("tooLarge")); continue; }
      if (most === 1) chosen = [];
      if (chosen.length >= most) { fail(epj.text("tooMany", { count: most })); break; }
      chosen.push(one);
    }
    show();
    if (epj.vault) epj.vault.keepFiles(form, chosen).catch(() => {});
  }

  function show() {
    list.replaceChildren(...chosen.map((one) => {
      const item = document.createElement("li");
      if (one.shown) item.append(one.shown);
      else item.append(one.name);
      const away = document.createElement("button");
      away.type = "button";
      away.className = "ds-button";
      away.dataset.variant = "tertiary";
      away.dataset.color = "neutral";
      away.dataset.small = "";
      away.textContent = epj.text("removeFile");
      away.addEventListener("click", () => {
        chosen = chosen.filter((other) => other !== one);
        show();
        inputs[0].focus();
        if (epj.vault) epj.vault.keepFiles(form, chosen).catch(() => {});
      });
      item.append(away);
      return item;
    }));
  }

  function fail(words) {
    failed.hidden = !words;
    failed.querySelector("p").textContent = words;
  }

  function progress(share) {
    state.hidden = share === null;
    if (share === null) return;
    state.querySelector("progress").value = share;
    state.querySelector("span").textContent = share < 100 ? epj.text("sending", { share }) : epj.text("storing");
  }

  function refuse(found) {
    const section = document.createElement("section");
    section.className = "epj-errors";
    section.tabIndex = -1;
    const head = document.createElement("h2");
    head.textContent = epj.text("mend");
    const items = document.createElement("ul");
    for (const one of found) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${one.field}`;
      link.textContent = one.text;
      item.append(link);
      items.append(item);
    }
    section.append(head, items);
    errors.replaceChildren(section);
    section.focus();
  }

  function body() {
    const data = new FormData(form);
    data.delete(field);
    for (const one of chosen) data.append(field, one.blob, one.blob.type === "application/pdf" ? "fil.pdf" : "bilde.jpg");
    return data;
  }

  function finish(request) {
    sending = false;
    button.disabled = false;
    progress(null);
    if (request.status === 201) {
      const url = JSON.parse(request.responseText).url;
      const done = epj.vault ? Promise.all([epj.vault.saved(form), epj.vault.dropFiles(form).catch(() => {})]) : Promise.resolve();
      done.then(() => location.assign(url));
    } else if (request.status === 422) refuse(JSON.parse(request.responseText).errors);
    else if (request.status === 401) document.dispatchEvent(new CustomEvent("epj:locked", { detail: { gone: request.getResponseHeader("X-EPJ-Locked") === null } }));
    else fail(epj.text(request.status === 0 ? "uploadOffline" : request.status === 413 ? "tooLarge" : "uploadFailed"));
  }

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    button.disabled = true;
    fail("");
    errors.replaceChildren();
    progress(0);
    const request = new XMLHttpRequest();
    request.open("POST", form.action || location.href);
    request.setRequestHeader("X-EPJ-Upload", "1");
    request.timeout = 180000;
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(Math.min(100, Math.round((event.loaded / event.total) * 100))));
    for (const kind of ["load", "error", "timeout", "abort"]) request.addEventListener(kind, () => finish(request));
    request.send(body());
  });

  for (const input of inputs) {
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = "";
      add(files);
      form.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => { event.preventDefault(); add([...event.dataTransfer.files]); });
  form.dataset.ready = "";
  if (epj.vault) epj.vault.ready.then(() => epj.vault.files(form)).then((found) => found.length && add(found)).catch(() => {});
})();
