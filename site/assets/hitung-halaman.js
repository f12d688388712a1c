/* Shows how the index follows from counts, step by step; the arithmetic is HitungUlang in hitung-ulang.js. */
"use strict";
(() => {
  const LARGEST = 20; // MB
  const MOST_FAULTS = 20;
  const WHOLE = "*";
  const { instrumen, terbit, kata } = JSON.parse(document.getElementById("data").textContent);
  const packs = new Map(instrumen.map((pack) => [pack.id, pack]));
  const place = (id) => document.getElementById(id);
  const form = place("pilihan");
  const { periode, layanan, aturan, kosong } = form.elements;
  let shown = { file: "hitung.csv", groups: [] };

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const angka = (figure) => (figure === null ? "–" : figure.replace(".", kata.desimal));

  function element(name, parts = [], attributes = {}) {
    const made = document.createElement(name);
    made.append(...[parts].flat());
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  /* A table that becomes one entry a row on a phone, or a narrow one that fits. The first cell heads its row, the columns
     from `figures` on are set to the right. */
  function table(caption, heads, rows, { figures = 1, narrow = false, chosen = -1 } = {}) {
    // A fraction may be longer than its column; a decimal figure is never broken.
    const right = (text, column) =>
      (column >= figures ? { class: String(text).includes("/") ? "pecahan" : "n" } : {});
    const cell = (text, column) => (column === 0
      ? element("th", text, { role: "rowheader", scope: "row", lang: "id" })
      : element("td", text, { role: "cell", "data-judul": heads[column], ...right(text, column) }));
    const head = element("tr", heads.map((text, column) =>
      element("th", text, { role: "columnheader", scope: "col", ...right(text, column) })), { role: "row" });
    const body = rows.map((row, number) =>
      element("tr", row.map(cell), number === chosen ? { role: "row", class: "terpilih" } : { role: "row" }));
    return element("table", [
      element("caption", caption, { class: "tersembunyi" }),
      element("thead", head, { role: "rowgroup" }), element("tbody", body, { role: "rowgroup" }),
    ], { class: narrow ? "ringkas" : "susun", role: "table" });
  }

  /* what is there to compute on */

  function groupsOf(item) {
    const pack = packs.get(item.instrumen);
    const names = new Set([...Object.keys(item.hitung), ...Object.keys(item.utuh)]);
    return [...names].map((name) => {
      const counts = item.hitung[name] || null;
      const first = counts && counts[pack.pertanyaan[0].id];
      const n = first ? first.reduce((a, b) => a + b, 0) : item.utuh[name].n;
      return { periode: item.periode, layanan: name, pack, n, counts, sums: item.utuh[name] || null };
    });
  }

  const published = (name) => terbit.find((item) => item.periode === name);
  const same = (a, b) => a !== undefined && JSON.stringify(a) === JSON.stringify(b);

  /* A group of a file that holds just what is published here also has the published sums over whole forms. */
  function joined(group) {
    const item = published(group.periode);
    const equal = item && same(item.hitung[group.layanan], group.counts);
    return { ...group, sums: equal ? item.utuh[group.layanan] || null : null };
  }

  const chosen = () => shown.groups.find((item) => item.periode === periode.value && item.layanan === layanan.value);

  function options(select, entries, value) {
    select.replaceChildren(...entries.map(([code, name]) => element("option", name, { value: code })));
    if (entries.some(([code]) => code === value)) select.value = value;
  }

  function offerLayanan() {
    const here = shown.groups.filter((item) => item.periode === periode.value);
    const names = (published(periode.value) || { nilai: {} }).nilai;
    const name = (code) => (code === WHOLE ? kata.seluruh : (names[code] && names[code].nama) || code);
    options(layanan, here.map((item) => [item.layanan, name(item.layanan)]), layanan.value || WHOLE);
    offerRules();
  }

  function offerRules() {
    const { pack, counts } = chosen();
    const item = published(periode.value);
    const own = item && item.instrumen === pack.id ? item : { aturan: pack.aturan_bawaan, kosong: pack.kosong_bawaan };
    options(aturan, pack.aturan.map((rule) => [rule.id, `${rule.id} – ${rule.keterangan}`]), own.aturan);
    const ways = Object.entries(kata.kosong_nama).filter(([way]) => counts || way === "complete");
    options(kosong, ways, own.kosong);
  }

  function offer() {
    const names = [...new Set(shown.groups.map((item) => item.periode))].reverse();
    options(periode, names.map((name) => [name, (published(name) || { nama: name }).nama]), names[0]);
    offerLayanan();
    form.hidden = false;
  }

  /* the steps */

  function unsurName(entry) {
    return `${entry.number} ${entry.nama}`;
  }

  function countsTable({ pack, counts }) {
    const values = Array.from({ length: pack.terbesar - pack.terkecil + 1 }, (_, item) => pack.terkecil + item);
    const [unsur, question, blank] = kata.kolom_jumlah;
    const heads = [unsur, question, ...values.map((nilai) => fill(kata.nilai, { nilai })), blank];
    const rows = pack.pertanyaan.map((item) => {
      const { nomor, nama } = pack.unsur.find((entry) => entry.id === item.unsur);
      return [`${nomor} ${nama}`, item.id, ...counts[item.id].map(String)];
    });
    return table(kata.langkah_1, heads, rows, { figures: 2 });
  }

  const exactly = (figure, places) =>
    (places === null ? figure : angka(HitungUlang.text(HitungUlang.parse(figure), places)));
  const rounding = (places) => (places === null ? "" : ` (${fill(kata.dibulatkan, { desimal: places })})`);

  function step(number, title, ...parts) {
    return element("section", [element("h3", `${number}. ${title}`), ...parts]);
  }

  function products(index, rule) {
    const heads = kata.kolom_bobot.map((head, column) =>
      head + (column === 1 ? rounding(rule.nrr_places) : column === 3 ? rounding(rule.product_places) : ""));
    return table(kata.langkah_3, heads, index.unsur.map((entry) => (entry.nrr === null
      ? [unsurName(entry), "–", entry.bobot, "–"]
      : [unsurName(entry), exactly(entry.nrr_used, rule.nrr_places), entry.bobot,
        exactly(entry.product_exact, rule.product_places)])));
  }

  function calculation(left, right) {
    return element("p", [`${left} = `, element("b", right)], { class: "hitungan" });
  }

  const SIX = 6; // decimals that are shown before the rounding
  const near = (figure) => {
    const text = HitungUlang.text(HitungUlang.parse(figure), SIX);
    const [front, back] = text.split(".");
    return angka(back === "000000" ? front : text);
  };

  function conclusion(index, pack, rule) {
    if (index.ikm === null) return [element("p", kata.tanpa_nilai)];
    const place = pack.mutu.findIndex((band) => band.mutu === index.mutu);
    const { min, max } = pack.mutu[place];
    const values = { ikm: angka(index.ikm), min: angka(min), max: angka(max), mutu: index.mutu, kinerja: index.kinerja };
    const bands = pack.mutu.map((band) => [band.mutu, `${angka(band.min)}–${angka(band.max)}`, band.kinerja]);
    const terms = index.unsur.map((entry) => exactly(entry.product_exact, rule.product_places)).join(" + ");
    return [
      step(4, kata.langkah_4 + rounding(rule.index_places),
        calculation(terms, exactly(index.nilai_exact, rule.index_places))),
      step(5, fill(kata.langkah_5, { faktor: pack.faktor }),
        calculation(`${exactly(index.nilai_exact, rule.index_places)} × ${pack.faktor}`, index.ikm_exact)),
      step(6, kata.langkah_6, calculation(`${index.ikm_exact} ≈ ${near(index.ikm_exact)}`, angka(index.ikm))),
      step(7, kata.langkah_7, element("p", fill(kata.langkah_7_kalimat, values)),
        table(kata.langkah_7, kata.kolom_mutu, bands, { figures: 3, narrow: true, chosen: place })),
    ];
  }

  function steps(group, indexes, rule, blank) {
    const first = indexes[0];
    const counted = group.counts && !(blank === "complete" && group.sums);
    const means = indexes[0].unsur.map((entry) =>
      [unsurName(entry), entry.total, entry.n, entry.nrr_exact || "–", angka(entry.nrr)]);
    const others = indexes.slice(1).map((index) =>
      element("p", `${index.nama}: ${angka(index.ikm)}${index.mutu ? `, ${fill(kata.mutu_hasil, index)}` : ""}`));
    return [
      step(1, kata.langkah_1, ...(counted
        ? [element("p", kata.langkah_1_kalimat), countsTable(group)] : [element("p", kata.utuh)])),
      step(2, kata.langkah_2, element("p", fill(kata.langkah_2_kalimat, { kosong: kata.kosong_kalimat[blank] })),
        table(kata.langkah_2, kata.kolom_rata, means)),
      step(3, kata.langkah_3, element("p", fill(kata.langkah_3_kalimat, { aturan: rule.keterangan })),
        products(first, rule)),
      ...conclusion(first, group.pack, rule),
      ...(others.length ? [element("section", [element("h3", kata.indeks_lain), ...others])] : []),
    ];
  }

  /* beside what was published */

  function compared(group, index, rule, blank) {
    const item = published(group.periode);
    const figure = item && item.nilai[group.layanan];
    if (!figure) return ["", kata.tanpa_pembanding];
    const values = { ikm: angka(figure.ikm), mutu: figure.mutu, aturan: item.aturan, kosong: kata.kosong_nama[item.kosong] };
    if (group.counts && !same(item.hitung[group.layanan], group.counts)) return ["", fill(kata.jumlah_lain, values)];
    if (item.aturan !== rule.id || item.kosong !== blank) return ["", fill(kata.lain, values)];
    const equal = figure.ikm === index.ikm && figure.mutu === index.mutu;
    return equal ? ["cocok", fill(kata.sama, values)] : ["awas-putusan", fill(kata.beda, values)];
  }

  function verdict(kind, title, ...parts) {
    return element("article", [element("h3", title), ...parts], { class: `putusan ${kind}` });
  }

  function compute() {
    const group = chosen();
    const rule = group.pack.aturan.find((item) => item.id === aturan.value);
    try {
      const indexes = HitungUlang.score(group.pack, group.counts, rule, kosong.value, group.sums);
      const [first] = indexes;
      const [kind, sentence] = compared(group, first, rule, kosong.value);
      const title = first.ikm === null ? kata.tanpa_nilai
        : `${fill(kata.judul_hasil, { ikm: angka(first.ikm) })}, ${fill(kata.mutu_hasil, first)}`;
      const about = `${group.pack.nama}, ${group.pack.peraturan}. ${fill(kata.responden, group)}.`;
      place("kabar").replaceChildren(verdict(kind, title, element("p", sentence), element("p", about, { lang: "id" })));
      place("langkah").replaceChildren(...steps(group, indexes, rule, kosong.value));
    } catch (error) {
      if (!(error instanceof HitungUlang.Fault)) throw error;
      refuse(shown.file, error.faults);
    }
    const quoted = /^[\w.-]+$/.test(shown.file) ? shown.file : `'${shown.file.replace(/'/g, "'\\''")}'`;
    const whole = layanan.value === WHOLE ? "" : ` --layanan ${layanan.value}`;
    place("ketik").textContent =
      `python -m scoring counts ${quoted} --periode ${periode.value}${whole} --rule ${aturan.value} --blank ${kosong.value}`;
  }

  function sentence(file, { code, values, expected, known = "" }) {
    const [low, high] = known.split(" ");
    const wanted = expected ? fill(kata.harap[expected], { known, low, high }) : "";
    return fill(kata.galat[code], { file, ...values, expected: wanted });
  }

  function refuse(file, faults) {
    const lines = faults.slice(0, MOST_FAULTS).map((fault) => element("li", sentence(file, fault)));
    if (faults.length > MOST_FAULTS) lines.push(element("li", fill(kata.lagi, { n: faults.length - MOST_FAULTS })));
    tell(kata.gagal, element("p", kata.gagal_saran), element("ul", lines));
  }

  function tell(title, ...parts) {
    place("kabar").replaceChildren(verdict("awas-putusan", title, ...parts));
    place("langkah").replaceChildren();
    place("bagian-hasil").hidden = false;
  }

  function show(file, groups) {
    shown = { file, groups };
    layanan.replaceChildren();
    offer();
    place("bagian-hasil").hidden = false;
    compute();
  }

  async function take(file) {
    form.hidden = true;
    if (file.size > LARGEST * 1_000_000) return tell(fill(kata.besar, { file: file.name, batas: LARGEST }));
    try {
      const bytes = await file.arrayBuffer();
      const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      return show(file.name, HitungUlang.read(text, instrumen).map(joined));
    } catch (error) {
      if (error instanceof HitungUlang.Fault) return refuse(file.name, error.faults);
      if (error instanceof TypeError) return tell(fill(kata.bukan_utf8, { file: file.name }));
      if (error instanceof DOMException) return tell(fill(kata.tak_terbaca, { file: file.name }));
      throw error;
    }
  }

  const focus = () => place("hasil").focus();
  document.querySelectorAll("[data-periode]").forEach((button) => button.addEventListener("click", () => {
    show("hitung.csv", groupsOf(published(button.dataset.periode)));
    focus();
  }));
  Berkas.given(([file]) => take(file).then(focus));
  form.addEventListener("submit", (event) => event.preventDefault());
  periode.addEventListener("change", () => { offerLayanan(); compute(); });
  layanan.addEventListener("change", () => { offerRules(); compute(); });
  [aturan, kosong].forEach((select) => select.addEventListener("change", compute));
  place("masukan").hidden = false;
})();
