// The curve: small multiples on one time axis from the JSON block `epj-curve-data`. Bands are the rule's own and come with the data.
// Values stand printed at each point; a line is never drawn over a long gap; the table is the same in words.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("epj-curve-data").textContent);
  const section = document.getElementById("epj-curve");
  const table = document.getElementById("epj-curve-table");
  const toggle = document.querySelector("[data-curve-toggle]");
  const AXIS = 40;
  const FONT = '12px "Inter Variable", Inter, system-ui, sans-serif';
  let plots = [];

  const color = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
  const plotOf = (key) => section.querySelector(`[data-series="${key}"] .epj-curve__plot`);
  const share = (t) => ((t - data.from) / (data.to - data.from)) * 100;
  const hour = new Intl.DateTimeFormat("nb", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Oslo", hour12: false });
  const day = new Intl.DateTimeFormat("nb", { day: "2-digit", month: "2-digit", timeZone: "Europe/Oslo" });

  function timeLabel(seconds) {
    const moment = new Date(seconds * 1000);
    const clock = hour.format(moment).replace(".", ":");
    return clock === "00:00" || clock === "24:00" ? day.format(moment) : clock;
  }

  // Whole steps on the Oslo clock, about ten of them. Worked out once: over a year it is nine thousand hours.
  let splitsOnce;
  const timeSplits = () => (splitsOnce ??= findSplits());
  function findSplits() {
    const span = (data.to - data.from) / 3600;
    const step = [1, 2, 4, 6, 12, 24, 48, 168, 336].find((hours) => span / hours <= 12) || 720;
    const splits = [];
    for (let t = Math.ceil(data.from / 3600) * 3600; t <= data.to; t += 3600) {
      const at = Number(hour.format(new Date(t * 1000)).slice(0, 2)) % 24;
      if (step >= 24 ? at === 0 : at % step === 0) splits.push(t);
    }
    return step > 24 ? splits.filter((t, index) => index % (step / 24) === 0) : splits;
  }

  // Nulls where two measurements lie further apart than the gap: the line stops and starts again.
  function withGaps(columns, times = data.t) {
    const t = [];
    const parts = columns.map(() => []);
    times.forEach((at, index) => {
      if (index && at - times[index - 1] > data.gap) {
        t.push((at + times[index - 1]) / 2);
        parts.forEach((part) => part.push(null));
      }
      t.push(at);
      parts.forEach((part, column) => part.push(columns[column][index]));
    });
    return [t, ...parts];
  }

  function bands(u, key, [low, high]) {
    for (const [from, to, points] of data.bands[key] || []) {
      const top = u.valToPos(Math.min(to, high), "y", true);
      const bottom = u.valToPos(Math.max(from, low), "y", true);
      if (bottom <= top) continue;
      u.ctx.fillStyle = color(`--epj-band-${points}`);
      u.ctx.fillRect(u.bbox.left, top, u.bbox.width, bottom - top);
    }
    const now = u.valToPos(data.now, "x", true);
    u.ctx.strokeStyle = color("--ds-color-accent-base-default");
    u.ctx.lineWidth = 1.5 * devicePixelRatio;
    u.ctx.setLineDash([4, 3]);
    u.ctx.beginPath();
    u.ctx.moveTo(now, u.bbox.top);
    u.ctx.lineTo(now, u.bbox.top + u.bbox.height);
    u.ctx.stroke();
    u.ctx.setLineDash([]);
  }

  // Numbers that would stand on top of the one before are left out: two that run together read as a third. The table has them all.
  function clear(u) {
    let end = -Infinity;
    return (words, x) => {
      const half = u.ctx.measureText(words).width / 2;
      if (x - half < end) return false;
      end = x + half + 3 * devicePixelRatio;
      return true;
    };
  }

  function printed(u, places, ink) {
    u.ctx.textAlign = "center";
    const free = clear(u);
    u.data[1].forEach((value, index) => {
      if (value === null || value === undefined) return;
      const x = u.valToPos(u.data[0][index], "x", true);
      if (!free(value.toFixed(places), x)) return;
      const y = u.valToPos(value, "y", true);
      const above = y - u.bbox.top > 20 * devicePixelRatio;
      u.ctx.fillStyle = ink;
      u.ctx.fillText(value.toFixed(places).replace(".", ","), x, above ? y - 8 * devicePixelRatio : y + 18 * devicePixelRatio);
    });
  }

  function pressures(u, ink) {
    const px = devicePixelRatio;
    u.ctx.strokeStyle = ink;
    u.ctx.fillStyle = ink;
    u.ctx.lineWidth = 2.5 * px;
    u.ctx.textAlign = "left";
    const free = clear(u);
    u.data[1].forEach((systolic, index) => {
      const diastolic = u.data[2][index];
      if (systolic === null || systolic === undefined) return;
      const x = u.valToPos(u.data[0][index], "x", true);
      const top = u.valToPos(systolic, "y", true);
      const bottom = diastolic === null || diastolic === undefined ? top : u.valToPos(diastolic, "y", true);
      u.ctx.beginPath();
      u.ctx.moveTo(x, top);
      u.ctx.lineTo(x, bottom);
      for (const y of [top, bottom]) { u.ctx.moveTo(x - 5 * px, y); u.ctx.lineTo(x + 5 * px, y); }
      u.ctx.stroke();
      const words = diastolic === null || diastolic === undefined ? String(systolic) : `${systolic}/${diastolic}`;
      const left = Math.min(x + 9 * px, u.bbox.left + u.bbox.width - 52 * px);
      if (free(words, left + u.ctx.measureText(words).width / 2)) u.ctx.fillText(words, left, (top + bottom) / 2 + 4 * px);
    });
  }

  // `one`: a measurement beside the set, with times, range and places of its own.
  function draw(key, columns, last, one) {
    const place = plotOf(key);
    if (!place) return;
    const ink = color("--epj-text");
    const quiet = color("--epj-text-2");
    const line = color("--epj-line");
    const bars = key === "blood_pressure";
    const range = one ? one.range : data.range[key];
    const series = columns.map(() => ({ stroke: bars ? "transparent" : ink, width: 1.75, spanGaps: false, points: { show: !bars, size: 7, fill: ink, stroke: ink } }));
    const quietAxis = { font: FONT, stroke: quiet, ticks: { show: false } };
    plots.push(new uPlot({
      width: place.clientWidth,
      height: place.clientHeight,
      padding: [6, 0, last ? 0 : 6, 0],
      cursor: { sync: { key: "epj-curve" }, y: false, points: { size: 10 } },
      legend: { show: false },
      scales: { x: { time: true, range: [data.from, data.to] }, y: { range } },
      series: [{}, ...series],
      axes: [
        { ...quietAxis, grid: { stroke: line, width: 1 }, size: last ? 22 : 0, splits: timeSplits, values: (u, at) => at.map((t) => (last ? timeLabel(t) : "")) },
        { ...quietAxis, size: AXIS, gap: 4, grid: { stroke: line, width: 1 }, space: 18 },
      ],
      hooks: {
        drawClear: [(u) => { u.ctx.save(); bands(u, key, range); u.ctx.restore(); }],
        draw: [(u) => { u.ctx.save(); u.ctx.font = `600 ${12 * devicePixelRatio}px "Inter Variable", Inter, sans-serif`; if (bars) pressures(u, ink); else printed(u, one ? one.places : Number(key === "temperature"), ink); u.ctx.restore(); }],
      },
    }, withGaps(columns, one ? one.t : data.t), place));
    const label = section.querySelector(`[data-series="${key}"] .epj-curve__label b`).textContent;
    const canvas = place.querySelector("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
  }

  function lane(key) {
    const place = plotOf(key);
    const inner = document.createElement("div");
    inner.className = "epj-curve__lane";
    place.replaceChildren(inner);
    return inner;
  }

  // Where many sets share the width of a badge, the worst of them stands; the table has them all.
  function worstOfEach(items, width) {
    const kept = new Map();
    const rank = (item) => item.total ?? -1;
    for (const item of items) {
      const place = Math.floor(share(item.t) / 100 / width);
      if (!kept.has(place) || rank(item) >= rank(kept.get(place))) kept.set(place, item);
    }
    return kept.values();
  }

  function lanes() {
    const sums = lane("news");
    for (const item of worstOfEach(data.news, 28 / sums.clientWidth)) {
      const badge = document.createElement("span");
      badge.className = "epj-news";
      if (item.total === null) { badge.classList.add("epj-news--none"); badge.textContent = "?"; badge.title = item.word; }
      else {
        badge.dataset.level = item.level;
        const number = document.createElement("b");
        number.textContent = item.total;
        const word = document.createElement("span");
        word.className = "ds-sr-only";
        word.textContent = `${item.word} ${timeLabel(item.t)}`;
        badge.append(number, word);
      }
      badge.style.left = `${share(item.t)}%`;
      sums.append(badge);
    }
    for (const mark of section.querySelectorAll("[data-left]")) mark.style.left = `${mark.dataset.left}%`;
    if (!plotOf("oxygen")) return;
    const oxygen = lane("oxygen");
    for (const item of data.oxygen) {
      const bar = document.createElement("span");
      bar.className = "epj-curve__bar";
      bar.textContent = item.text;
      bar.style.left = `${Math.max(0, share(item.from))}%`;
      bar.style.width = `${share(item.to) - Math.max(0, share(item.from))}%`;
      oxygen.append(bar);
    }
  }

  function render() {
    plots.forEach((plot) => plot.destroy());
    plots = [];
    if (section.hidden) return;
    lanes();
    const keys = ["respiration", "spo2", "blood_pressure", "pulse", "temperature"].filter((key) => plotOf(key));
    for (const key of keys) {
      const one = data.series[key];
      draw(key, key === "blood_pressure" ? [one.systolic, one.diastolic] : [one], key === keys.at(-1));
    }
    for (const one of data.beside) draw(one.key, [one.values], false, one);
  }

  function show(asTable) {
    section.hidden = asTable;
    table.hidden = !asTable;
    toggle.setAttribute("aria-pressed", String(asTable));
    toggle.querySelector("span").textContent = epj.text(asTable ? "showCurve" : "showTable");
    render();
  }

  // Without measurements, or without this script, the table is what stands.
  if (data.t.length || data.beside.length) {
    toggle.hidden = false;
    toggle.addEventListener("click", () => show(!section.hidden));
    document.fonts.ready.then(() => show(false));
    document.addEventListener("epj:scheme", render);
    let timer;
    window.addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(render, 200); });
  }
})();
