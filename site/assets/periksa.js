/* Is this PDF a published one? Its SHA-256 is computed here and looked up in the list inside this page. */
"use strict";
(() => {
  const LARGEST = 200; // MB
  const DIGEST = /^[0-9a-f]{64}$/;
  const START = "%PDF-";
  const { dokumen, kata } = JSON.parse(document.getElementById("data").textContent);
  const known = new Map(dokumen.map((item) => [item.sha256, item]));
  const kabar = document.getElementById("kabar");
  const section = document.getElementById("bagian-hasil");
  const heading = document.getElementById("hasil");

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  function element(name, text = "", attributes = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  const listed = (sentences, attributes = {}) => {
    const list = element("ul", "", attributes);
    list.append(...sentences.map((sentence) => element("li", sentence)));
    return list;
  };

  function paragraph(label, text, attributes = {}) {
    const made = element("p");
    made.append(`${label}: `, element("span", text, attributes));
    return made;
  }

  function verdict(kind, title, ...parts) {
    const article = element("article", "", { class: `putusan ${kind}` });
    article.append(element("h3", title), ...parts.map((part) => (typeof part === "string" ? element("p", part) : part)));
    return article;
  }

  function digestLine(sha256) {
    const made = element("p", `${kata.sidik} `, { class: "kecil" });
    made.append(element("code", sha256));
    return made;
  }

  function signature(found) {
    const facts = [
      [kata.jabatan, found.jabatan, { lang: "id" }], [kata.cara, kata.cara_nama[found.cara]],
      [kata.tingkat, found.tingkat], [kata.waktu, found.waktu, { lang: "id" }],
    ].filter(([, text]) => text);
    const title = `${kata.tanda_tangan}: ${found.berlaku ? kata.berlaku : kata.tanpa}`;
    const parts = [element("h4", title), ...facts.map(([label, text, more]) => paragraph(label, text, more))];
    return [...parts, listed(found.kalimat, { lang: "id" })];
  }

  function link(item, href) {
    const made = element("p");
    made.append(element("a", fill(kata.unduh, { nama: item.nama, periode: item.periode_nama }), { href: `../${href}` }));
    return made;
  }

  function replaced(item, values) {
    const { nomor, tanggal, alasan, href } = item.diganti;
    const parts = [fill(kata.diganti_kalimat, { ...values, baru: nomor, tanggal })];
    if (alasan) parts.push(fill(kata.diganti_alasan, { alasan }));
    if (href) parts.push(kata.diganti_saran, link(item, href));
    return verdict("awas-putusan", kata.diganti, ...parts, ...signature(item.tanda_tangan), digestLine(item.sha256));
  }

  function published(item, berkas) {
    const values = { berkas, nama: item.nama, periode: item.periode_nama, nomor: item.edisi };
    if (item.diganti) return replaced(item, values);
    const sentence = fill(kata.cocok_kalimat, values);
    const about = [...signature(item.tanda_tangan), digestLine(item.sha256)];
    return verdict("cocok", kata.cocok, sentence, ...about);
  }

  function judged(berkas, sha256, isPdf) {
    const item = known.get(sha256);
    if (item) return published(item, berkas);
    const causes = isPdf ? kata.asing_sebab : [kata.bukan_pdf, ...kata.asing_sebab];
    const sentence = fill(kata.asing_kalimat, { berkas });
    return verdict("", kata.asing, sentence, listed(causes), kata.asing_saran, digestLine(sha256));
  }

  const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const told = (text, berkas) => verdict("", fill(text, { berkas, batas: LARGEST }));

  async function check(file) {
    if (!window.crypto || !crypto.subtle) return told(kata.tanpa_crypto, file.name);
    if (file.size > LARGEST * 1_000_000) return told(kata.besar, file.name);
    let content;
    try {
      content = await file.arrayBuffer();
    } catch (error) { // a folder, or a file that went away
      return told(kata.tak_terbaca, file.name);
    }
    if (!content.byteLength) return told(kata.kosong, file.name);
    const start = new TextDecoder("latin1").decode(content.slice(0, 1024));
    return judged(file.name, hex(await crypto.subtle.digest("SHA-256", content)), start.includes(START));
  }

  function show(...parts) {
    section.hidden = false;
    kabar.replaceChildren(...parts);
  }

  async function take(files) {
    show(...files.map((file) => element("p", fill(kata.sedang, { berkas: file.name }))));
    show(...(await Promise.all(files.map(check))));
    heading.focus();
  }

  Berkas.given(take);

  const form = document.getElementById("tempel");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // certutil writes spaces on old Windows; sha256sum the name of the file behind.
    const typed = form.elements.sidik.value.trim().toLowerCase();
    const first = typed.split(/\s/)[0];
    const sha256 = DIGEST.test(first) ? first : typed.replace(/\s/g, "");
    if (DIGEST.test(sha256)) show(judged(kata.sidik_anda, sha256, true));
    else show(verdict("", fill(kata.sidik_salah, { jumlah: sha256.length })));
    heading.focus();
  });

  document.getElementById("pilih").hidden = false;
  form.hidden = false;
})();
