/* One key an answer. What is confirmed lies in localStorage until the server says that it is on its disk; then it is
   removed, so a reload, a lost line or an ended session loses nothing. Without this script the same form posts plainly. */
"use strict";
(() => {
  const place = document.getElementById("entri");
  if (!place) return;
  const key = place.dataset.key;
  const mine = () => Object.keys(localStorage).filter((name) => name.startsWith(key));
  if ("ended" in place.dataset) {
    mine().forEach((name) => localStorage.removeItem(name));
    return;
  }
  const draft = `${key}draf`;
  const shown = new Map();
  let sending = false;
  let timer = 0;
  const form = document.getElementById("lembar");
  if (!form) {
    if (waiting().length) void flush();
    return;
  }
  const words = JSON.parse(form.dataset.words);
  const sheet = JSON.parse(form.dataset.sheet);
  const turn = sheet.turn;
  const typed = new Set(sheet.done);
  const kabar = document.getElementById("kabar");
  const bunyi = document.getElementById("bunyi");
  const galat = document.getElementById("galat");
  const boxes = [...form.querySelectorAll("[data-jawaban], [data-profil]")];
  const questions = boxes.filter((box) => "jawaban" in box.dataset);
  const saran = form.elements.saran;
  const empty = new Map([...boxes, ...(saran ? [saran] : [])].map((field) => [field.name, ""]));

  const four = (number) => String(number).padStart(4, "0");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const current = () => Number(form.elements.lembar.value);
  const state = () => (form.elements.keadaan ? form.elements.keadaan.value : "terisi");

  function say(text, wrong) {
    kabar.textContent = text;
    kabar.classList.toggle("salah", Boolean(wrong));
  }

  function show(box) {
    const told = box && box.dataset.jawaban;
    bunyi.textContent = told ? `${told}\n${box.dataset.pilihan}` : "";
  }

  function dim() {
    boxes.forEach((box) => box.classList.toggle("tak-dipakai", state() !== "terisi"));
  }

  /* the value that a key stands for in a box, null for a key that means nothing there */
  function read(box, pressed) {
    const letter = pressed.toLowerCase();
    if (letter === "0" || letter === " " || letter === "-") return "-";
    const most = box.dataset.profil ? Number(box.dataset.profil) : box.dataset.pilihan.split(" · ").length;
    const low = box.dataset.profil ? 1 : parseInt(box.dataset.pilihan, 10);
    const value = /^[1-9]$/.test(letter) ? Number(letter)
      : box.dataset.profil || !/^[a-j]$/.test(letter) ? NaN : low + letter.charCodeAt(0) - 97;
    return value >= low && value < low + most ? String(value) : null;
  }

  function remember() {
    const fields = Object.fromEntries([...empty.keys()].map((name) => [name, form.elements[name].value]));
    localStorage.setItem(draft, JSON.stringify({ turn, number: current(), state: state(), fields }));
  }

  function put(fields, kept) {
    empty.forEach((_, name) => { form.elements[name].value = fields[name] || ""; });
    if (form.elements.keadaan) form.elements.keadaan.value = kept;
    dim();
  }

  function step(box, by) {
    const fields = [...boxes, ...(saran ? [saran] : [])];
    const next = fields[fields.indexOf(box) + by];
    if (next) { next.focus(); if (next.select && next !== saran) next.select(); }
    else if (by > 0) form.querySelector("button").focus();
  }

  function press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const box = event.target;
    const isBox = boxes.includes(box);
    if (event.key === "Enter" && (isBox || (box === saran && !event.shiftKey) || box.type === "radio")) {
      event.preventDefault();
      confirm();
    } else if (!isBox) {
      return;
    } else if (event.key === "Backspace") {
      event.preventDefault();
      const target = box.value ? box : boxes[boxes.indexOf(box) - 1] || box;
      target.value = "";
      target.focus();
      remember();
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      if (event.key === "ArrowRight" || boxes.indexOf(box)) step(box, event.key === "ArrowRight" ? 1 : -1);
    } else if (event.key.toLowerCase() === "x" && form.elements.keadaan) {
      event.preventDefault();
      form.elements.keadaan.value = state() === "rusak" ? "terisi" : "rusak";
      say(state() === "rusak" ? `${fill(words.lembar, { nomor: four(current()) })}: ${words.rusak}` : "");
      dim();
      remember();
    } else if (event.key.length === 1) {
      event.preventDefault();
      const value = read(box, event.key);
      if (value === null) {
        say(box.dataset.profil ? fill(words.profil, { most: box.dataset.profil }) : words.tombol, true);
        return;
      }
      if (kabar.classList.contains("salah")) say("");
      box.value = value;
      remember();
      step(box, 1);
    }
  }

  function confirm() {
    const number = current();
    if (state() === "terisi") {
      const skipped = questions.find((box) => !box.value);
      if (skipped) {
        const label = skipped.labels[0].firstElementChild;
        say(fill(words.lewat, { nomor: label ? label.textContent : skipped.labels[0].textContent }), true);
        skipped.focus();
        return;
      }
      if (turn !== 3 && questions.every((box) => box.value === "-")) {
        say(words.hampa, true);
        return;
      }
    }
    const isi = state() === "terisi" ? questions.map((box) => box.value).join(" ") : words[state()];
    localStorage.setItem(`${key}${turn}:${number}`, new URLSearchParams(new FormData(form)).toString());
    localStorage.removeItem(draft);
    typed.add(number);
    galat.hidden = true;
    say(fill(words.menyimpan, { nomor: four(number) }));
    mark(number, state());
    advance(number);
    shown.set(number, isi);
    void flush();
  }

  function mark(number, kept) {
    const link = document.querySelector(`[data-lembar="${number}"]`);
    if (!link) return;
    link.className = kept;
    link.lastElementChild.textContent = "";
  }

  function next(number) {
    const left = sheet.numbers.filter((item) => !typed.has(item));
    return left.find((item) => item > number) || left[0] || 0;
  }

  function advance(number) {
    const later = turn === 3 ? 0 : next(number); // the boxes of a third look are those of its sheet
    if (!later) {
      form.querySelectorAll("input, textarea, button").forEach((field) => { field.disabled = true; });
      return;
    }
    go(later, {}, "terisi");
  }

  function go(number, fields, kept) {
    form.elements.lembar.value = number;
    document.getElementById("nomor").textContent = fill(words.lembar, { nomor: four(number) });
    document.querySelectorAll("[data-lembar]").forEach((link) => {
      if (Number(link.dataset.lembar) === number) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    put(fields, kept);
    (boxes.find((box) => !box.value) || boxes[0]).focus();
  }

  function totals(found) {
    ["terisi", "rusak", "sisa"].forEach((name) => { write(`t-${name}`, found[name]); });
    (found.sums || []).forEach((value, place) => write(`s-${place}`, value));
    (found.blanks || []).forEach((value, place) => write(`k-${place}`, value));
  }

  function write(id, value) {
    const cell = document.getElementById(id);
    if (cell) cell.textContent = value;
  }

  /* send what waits, one after the other, the lowest number first */
  async function flush() {
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    try {
      for (let name = waiting()[0]; name; name = waiting()[0]) {
        const found = await post(localStorage.getItem(name));
        localStorage.removeItem(name);
        if (form) kept(found);
      }
      sending = false;
      if (!form || turn === 3 || !next(0)) location.replace(location.pathname);
    } catch (error) {
      sending = false;
      failed(error);
    }
  }

  function kept(found) {
    totals(found);
    say(fill(words.tersimpan, { nomor: four(found.lembar), isi: shown.get(found.lembar) || "" }));
  }

  function waiting() {
    const number = (name) => Number(name.split(":").pop());
    return mine().filter((name) => name !== draft).sort((a, b) => number(a) - number(b));
  }

  async function post(body) {
    const reply = await fetch(location.pathname, {
      method: "POST",
      headers: { "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded" },
      body,
    });
    const found = await reply.json();
    if (!reply.ok) throw Object.assign(new Error("refused"), { status: reply.status, found, body });
    return found;
  }

  /* no line, or a server that cannot write now: again soon. No session: whoever enters again sends it. Refused: shown. */
  function failed(error) {
    if (!form) return;
    const status = error.status || 0;
    if (status === 422 || status === 409) {
      const fields = new URLSearchParams(error.body);
      localStorage.removeItem(`${key}${fields.get("tahap")}:${fields.get("lembar")}`);
      form.querySelectorAll("input, textarea, button").forEach((field) => { field.disabled = false; });
      typed.delete(Number(fields.get("lembar")));
      go(Number(fields.get("lembar")), Object.fromEntries(fields), fields.get("keadaan") || "terisi");
      remember();
    }
    if (status === 401 || status === 403 || status === 409 || status === 422) {
      say(error.found.problems.map((problem) => problem.text).join(" "), true);
      return;
    }
    say(fill(words.belum, { n: waiting().length }), true);
    timer = setTimeout(() => void flush(), 3000);
  }

  function restore() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(draft)); } catch { localStorage.removeItem(draft); }
    const here = new URLSearchParams(location.search).get("lembar");
    if (!kept || kept.turn !== turn || !sheet.numbers.includes(kept.number) || (here && Number(here) !== kept.number)) return;
    if (!Object.values(kept.fields).some(Boolean) && kept.state === "terisi") return;
    go(kept.number, kept.fields, kept.state);
    say(fill(words.dikembalikan, { nomor: four(kept.number) }));
  }

  form.addEventListener("keydown", press);
  form.addEventListener("focusin", (event) => show(event.target));
  form.addEventListener("input", (event) => {
    if (boxes.includes(event.target)) {  // a screen keyboard, or something pasted
      const value = read(event.target, event.target.value.slice(-1) || "?");
      event.target.value = value === null ? "" : value;
      if (value !== null) step(event.target, 1);
    }
    dim();
    remember();
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); confirm(); });
  window.addEventListener("online", () => void flush());
  dim();
  show(document.activeElement);
  restore();
  if (waiting().length) void flush();
})();
