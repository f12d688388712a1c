/* The index from counts alone: the same arithmetic as the module `scoring`, in whole numbers (BigInt) and fractions of
   them, never a float. Pure: no page, no clock, no network. A pack is what publish/check_pages.py writes of it. */
"use strict";
const HitungUlang = (() => {
  const COLUMNS = ["periode", "layanan", "unsur", "pertanyaan", "nilai", "n"];
  const BLANK = "(kosong)";
  const IKM_PLACES = 2;
  const NRR_PLACES = 3;
  const INDEX_PLACES = 3;
  const QUOTED = 40; // characters that a sentence quotes of a cell

  /* What is wrong with a file: a stable code and what fills its sentence. */
  class Fault extends Error {
    constructor(faults) {
      super(faults[0].code);
      this.faults = faults;
    }
  }

  /* fractions */

  const size = (number) => (number < 0n ? -number : number);

  function fraction(over, under) {
    let [a, b] = [size(over), size(under)];
    while (b) [a, b] = [b, a % b];
    const sign = under < 0n ? -1n : 1n;
    return { over: (sign * over) / a, under: (sign * under) / a };
  }

  const whole = (number) => ({ over: BigInt(number), under: 1n });
  const ratio = (value) => (value === null ? null : `${value.over}/${value.under}`);
  const parse = (text) => {
    const [over, under] = text.split("/").map((part) => BigInt(part));
    return fraction(over, under);
  };
  const times = (a, b) => fraction(a.over * b.over, a.under * b.under);
  const plus = (a, b) => fraction(a.over * b.under + b.over * a.under, a.under * b.under);
  const least = (a, b) => a.over * b.under >= b.over * a.under;

  /* A value rounded half up (away from zero), as text with a decimal point. */
  function text(value, places) {
    if (value === null) return null;
    const digits = (2n * size(value.over) * 10n ** BigInt(places) + value.under) / (2n * value.under);
    const written = digits.toString().padStart(places + 1, "0");
    const sign = value.over < 0n && digits > 0n ? "-" : "";
    return sign + (places ? `${written.slice(0, -places)}.${written.slice(-places)}` : written);
  }

  function decimal(written) {
    const [front, back = ""] = written.split(".");
    return fraction(BigInt(front + back), 10n ** BigInt(back.length));
  }

  const at = (value, places) => (places === null ? value : decimal(text(value, places)));

  /* scoring */

  /* `counts` has for each question the count of each value, the lowest first and the blanks last. `sums` are the sums
     over whole forms where they are published: {n, sums}; without them and with a blank "complete" is not known. */
  function means(pack, counts, blank, sums) {
    return pack.unsur.map((unsur) => {
      let [total, n, blanks] = [0n, 0n, 0n];
      for (const question of pack.pertanyaan.filter((item) => item.unsur === unsur.id)) {
        const found = counts ? counts[question.id].map(BigInt) : null;
        const filled = found ? found.slice(0, -1) : [];
        const left = found ? found[filled.length] : 0n;
        blanks += left;
        if (blank === "complete") {
          const whole = wholeForms(question.id, filled, left, pack, sums);
          total += whole.total;
          n += whole.n;
        } else {
          total += sum(pack, filled);
          n += filled.reduce((a, b) => a + b, 0n) + (blank === "zero" ? left : 0n);
        }
      }
      return { id: unsur.id, total, n, blank: blanks, nrr: n ? fraction(total, n) : null };
    });
  }

  const sum = (pack, filled) => filled.reduce((total, n, place) => total + BigInt(pack.terkecil + place) * n, 0n);

  function wholeForms(question, filled, left, pack, sums) {
    if (sums) return { total: BigInt(sums.sums[question]), n: BigInt(sums.n) };
    if (left) throw new Fault([{ code: "COUNTS_COMPLETE", values: {} }]);
    return { total: sum(pack, filled), n: filled.reduce((a, b) => a + b, 0n) };
  }

  function grade(pack, value) {
    if (value === null) return null;
    const printed = at(value, IKM_PLACES);
    return pack.mutu.filter((band) => least(printed, decimal(band.min))).pop() || pack.mutu[0];
  }

  /* One index under one rule; a rule's printed weight belongs to the first index of the pack. */
  function compute(pack, index, rule, found) {
    const rows = index.unsur.map((id, place) => {
      const mean = found.find((item) => item.id === id);
      const bobot = parse(rule.bobot !== null && index === pack.indeks[0] ? rule.bobot : index.bobot[place]);
      const nrr = mean.nrr === null ? null : at(mean.nrr, rule.nrr_places);
      return { mean, bobot, nrr, product: nrr === null ? null : at(times(nrr, bobot), rule.product_places) };
    });
    const known = rows.every((row) => row.product !== null);
    const nilai = known ? at(rows.reduce((total, row) => plus(total, row.product), whole(0)), rule.index_places) : null;
    const ikm = nilai === null ? null : times(nilai, whole(pack.faktor));
    return { index, rows, nilai, ikm, band: grade(pack, ikm) };
  }

  function indexFields({ index, nilai, ikm, band }) {
    return {
      id: index.id,
      nama: index.nama,
      nilai: text(nilai, INDEX_PLACES),
      nilai_exact: ratio(nilai),
      ikm: text(ikm, IKM_PLACES),
      ikm_exact: ratio(ikm),
      mutu: band ? band.mutu : null,
      kinerja: band ? band.kinerja : null,
    };
  }

  function unsurFields(pack, { mean, bobot, nrr, product }) {
    const unsur = pack.unsur.find((item) => item.id === mean.id);
    const konversi = mean.nrr === null ? null : times(mean.nrr, whole(pack.faktor));
    const band = grade(pack, konversi);
    return {
      id: unsur.id,
      number: unsur.nomor,
      nama: unsur.nama,
      total: mean.total.toString(),
      n: mean.n.toString(),
      blank: mean.blank.toString(),
      nrr: text(mean.nrr, NRR_PLACES),
      nrr_exact: ratio(mean.nrr),
      nrr_used: ratio(nrr),
      bobot: ratio(bobot),
      nrr_tertimbang: text(product, NRR_PLACES),
      product_exact: ratio(product),
      konversi: text(konversi, IKM_PLACES),
      mutu: band ? band.mutu : null,
    };
  }

  /* Every figure of one group: the indexes, the IKM first, each with the rows of its unsur. */
  function score(pack, counts, rule, blank, sums = null) {
    const found = means(pack, counts, blank, sums);
    return pack.indeks.map((index) => {
      const figure = compute(pack, index, rule, found);
      return { ...indexFields(figure), unsur: figure.rows.map((row) => unsurFields(pack, row)) };
    });
  }

  /* hitung.csv */

  /* The cells of every line; a cell in quotes may hold separators, line ends and doubled quotes. */
  function split(content) {
    const plain = content.replace(/^\uFEFF/, "");
    const heading = plain.split("\n", 1)[0];
    const separator = [",", ";", "\t"].reduce((best, sign) =>
      heading.split(sign).length > heading.split(best).length ? sign : best);
    const lines = [[""]];
    let quoted = false;
    for (let place = 0; place < plain.length; place += 1) {
      const sign = plain[place];
      const line = lines[lines.length - 1];
      if (quoted) {
        if (sign !== '"') line[line.length - 1] += sign;
        else if (plain[place + 1] === '"') line[line.length - 1] += plain[(place += 1)];
        else quoted = false;
      } else if (sign === '"' && line[line.length - 1] === "") quoted = true;
      else if (sign === separator) line.push("");
      else if (sign === "\n" || sign === "\r") {
        if (sign === "\r" && plain[place + 1] === "\n") place += 1;
        lines.push([""]);
      } else line[line.length - 1] += sign;
    }
    return lines.map((line) => line.map((cell) => cell.trim()));
  }

  const refuse = (code, values) => {
    throw new Fault([{ code, values }]);
  };
  const shortened = (cell) => (cell.length <= QUOTED ? cell : `${cell.slice(0, QUOTED - 1)}…`);
  const cellFault = (row, column, value, expected, known = "") =>
    ({ code: "TABLE_CELL", values: { row, column, value: shortened(value) }, expected, known });

  function columnsOf(heading) {
    const names = heading.map((cell) => cell.toLowerCase());
    if (!names.some(Boolean)) refuse("TABLE_EMPTY", {});
    names.forEach((name, place) => {
      if (!COLUMNS.includes(name)) {
        refuse("TABLE_COLUMN_UNKNOWN", { column: name || BLANK, known: COLUMNS.join(", ") });
      }
      if (names.indexOf(name) !== place) refuse("TABLE_COLUMN_TWICE", { column: name });
    });
    COLUMNS.filter((name) => !names.includes(name)).forEach((column) => refuse("TABLE_COLUMN_MISSING", { column }));
    return names;
  }

  function rowsOf(content) {
    const [heading, ...lines] = split(content);
    const names = columnsOf(heading);
    const rows = [];
    lines.forEach((line, place) => {
      if (line.slice(names.length).some(Boolean)) refuse("TABLE_ROW_LONG", { row: place + 2 });
      const cells = Object.fromEntries(names.map((name, column) => [name, line[column] || ""]));
      if (line.some(Boolean)) rows.push({ line: place + 2, cells });
    });
    if (!rows.length) refuse("TABLE_EMPTY", {});
    return rows;
  }

  const VALUE = /^[0-9]{0,2}$/;
  const COUNT = /^[0-9]{1,9}$/;

  /* The pack that asks most of the questions of a periode, and few others. */
  function packOf(packs, periode, rows) {
    const asked = new Set(rows.filter((row) => row.cells.periode === periode)
      .map((row) => `${row.cells.unsur} ${row.cells.pertanyaan}`));
    const shared = (pack) => pack.pertanyaan.filter((item) => asked.has(`${item.unsur} ${item.id}`)).length;
    const best = packs.reduce((first, pack) => {
      const more = shared(pack) - shared(first);
      return more > 0 || (more === 0 && pack.pertanyaan.length < first.pertanyaan.length) ? pack : first;
    });
    if (!shared(best)) refuse("COUNTS_INSTRUMENT", { periode, known: packs.map((pack) => pack.id).join(", ") });
    return best;
  }

  const valuesOf = (pack) =>
    [...Array.from({ length: pack.terbesar - pack.terkecil + 1 }, (_, place) => String(pack.terkecil + place)), ""];

  function misplaced({ line, cells }, pack, counts) {
    const question = pack.pertanyaan.find((item) => item.id === cells.pertanyaan);
    if (!question) {
      const known = pack.pertanyaan.map((item) => item.id).join(", ");
      return cellFault(line, "pertanyaan", cells.pertanyaan, "one_of", known);
    }
    if (question.unsur !== cells.unsur) return cellFault(line, "unsur", cells.unsur, "exactly", question.unsur);
    if (!valuesOf(pack).includes(cells.nilai) && VALUE.test(cells.nilai)) {
      return cellFault(line, "nilai", cells.nilai, "scale", `${pack.terkecil} ${pack.terbesar}`);
    }
    const seen = counts.get(question.id);
    return seen && seen.has(cells.nilai) ? cellFault(line, "nilai", cells.nilai || BLANK, "once") : null;
  }

  function lacking({ periode, layanan, pack, counts }) {
    const missing = pack.pertanyaan.flatMap((question) => valuesOf(pack)
      .filter((value) => !(counts.get(question.id) || new Map()).has(value))
      .map((value) => ({
        code: "COUNTS_ROW_MISSING", values: { periode, layanan, question: question.id, value: value || BLANK },
      })));
    if (missing.length) return missing;
    const totals = pack.pertanyaan.map(({ id }) => [id, [...counts.get(id).values()].reduce((a, b) => a + b, 0)]);
    const [first, total] = totals[0];
    return totals.filter(([, n]) => n !== total)
      .map(([question, n]) => ({ code: "COUNTS_TOTAL", values: { periode, layanan, question, n, first, total } }));
  }

  /* Every group in the text of a hitung.csv: periode, layanan ("*": the office), pack, n, counts. Throws a Fault. */
  function read(content, packs) {
    const rows = rowsOf(content);
    const faults = rows.flatMap(({ line, cells }) => [
      ...(VALUE.test(cells.nilai) ? [] : [cellFault(line, "nilai", cells.nilai, "value")]),
      ...(COUNT.test(cells.n) ? [] : [cellFault(line, "n", cells.n, "number")]),
    ]);
    const found = new Map();
    const groups = new Map();
    for (const { cells } of rows) {
      if (!found.has(cells.periode)) found.set(cells.periode, packOf(packs, cells.periode, rows));
    }
    for (const row of rows) {
      const { periode, layanan, pertanyaan, nilai, n } = row.cells;
      const key = JSON.stringify([periode, layanan]);
      if (!groups.has(key)) groups.set(key, { periode, layanan, pack: found.get(periode), counts: new Map() });
      const { pack, counts } = groups.get(key);
      const fault = misplaced(row, pack, counts);
      if (fault) faults.push(fault);
      else if (COUNT.test(n)) {
        if (!counts.has(pertanyaan)) counts.set(pertanyaan, new Map());
        counts.get(pertanyaan).set(nilai, Number(n));
      }
    }
    const wrong = faults.length ? faults : [...groups.values()].flatMap(lacking);
    if (wrong.length) throw new Fault(wrong);
    return [...groups.values()].map(counted);
  }

  function counted({ periode, layanan, pack, counts }) {
    const list = pack.pertanyaan.map(({ id }) => [id, valuesOf(pack).map((value) => counts.get(id).get(value))]);
    return { periode, layanan, pack, n: list[0][1].reduce((a, b) => a + b, 0), counts: Object.fromEntries(list) };
  }

  return { Fault, parse, read, score, text };
})();
