// Improves the plain form: progress, a check before sending, a commitment made on the phone, retries that count once.
// Where fetch or crypto.subtle is missing the form posts by itself and the collector does the rest.
(() => {
  'use strict';
  const SECONDS_PER_QUESTION = 2; // faster than this sets the flag `cepat`
  const PATIENCE = 20000; // ms to wait for a reply before saying that the line is down
  const form = document.getElementById('survei');
  const box = document.getElementById('galat');
  const list = box.querySelector('ul');
  const news = document.getElementById('kabar');
  const button = form.querySelector('button');
  const meter = document.getElementById('kemajuan');
  const words = JSON.parse(form.dataset.words);
  const order = form.dataset.order.split(' ');
  const sets = Array.from(form.querySelectorAll('fieldset'));
  const tiket = document.getElementById('i-tiket'); // where tickets are used
  const failed = box.querySelector('h2').textContent + ' – '; // before the title while there are problems
  const title = document.title.replace(failed, '');
  let shown = 0; // when the page was first seen
  let nonce = null; // one for this page, so that a retry has the same id
  let body = null; // the JSON under way; kept until the collector accepts or refuses it
  let busy = false;

  const fill = (text, values) => text.replace(/{(\w+)}/g, (all, key) => values[key]);
  const hex = bytes => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('');
  const field = name => form.querySelector(`[name="${name}"]`).value;
  const answer = id => {
    const chosen = form.querySelector(`input[name="${id}"]:checked`);
    return chosen ? Number(chosen.value) : null;
  };

  function count() {
    const done = order.filter(id => answer(id) !== null).length;
    meter.hidden = false;
    meter.querySelector('span').textContent = fill(words.kemajuan, { isi: done, jumlah: order.length });
    meter.querySelector('progress').value = done;
  }

  // Problems: the same elements that the collector fills in when there is no script.
  function mark(name, text) {
    const control = document.getElementById('i-' + name);
    const note = document.getElementById('e-' + name);
    if (!control || !note) return null;
    if (text) control.setAttribute('aria-invalid', 'true');
    else control.removeAttribute('aria-invalid');
    note.textContent = text;
    note.hidden = !text;
    return control;
  }

  function settle(item) {
    mark(item.dataset.field, '');
    item.remove();
    box.hidden = !list.children.length;
    if (box.hidden) document.title = title;
  }

  function show(problems) {
    Array.from(list.children).forEach(settle);
    if (!problems.length) return;
    problems.forEach(problem => {
      const item = document.createElement('li');
      const control = mark(problem.field, problem.text);
      const place = control ? item.appendChild(document.createElement('a')) : item;
      if (control) place.href = '#' + control.id;
      place.textContent = problem.text;
      item.dataset.field = problem.field;
      list.append(item);
    });
    box.hidden = false;
    document.title = failed + title;
    box.focus();
  }

  function missing() {
    return sets.filter(set => answer(set.dataset.field) === null)
      .map(set => ({ field: set.dataset.field, text: fill(words.belum_dijawab, set.dataset) }));
  }

  // id = SHA-256("skm-commit/v1\n" || nonce || canonical), the canonical keys in sorted order.
  async function commit(sealed) {
    const utf8 = new TextEncoder();
    const parts = [utf8.encode('skm-commit/v1\n'), nonce, utf8.encode(JSON.stringify(sealed))];
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => (bytes.set(part, at), at + part.length), 0);
    return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
  }

  // A ticket comes behind the # of its QR code: no server sees it there. It moves to its field and leaves the address.
  function takeTicket() {
    const found = /^#t=([0-9A-Za-z-]+)$/.exec(location.hash);
    if (!found) return;
    history.replaceState(null, '', location.pathname + location.search);
    if (!tiket || body) return;
    tiket.value = found[1];
    Array.from(list.children).filter(item => item.dataset.field === 'tiket').forEach(settle);
  }

  async function pack() {
    const cepat = performance.now() - shown < SECONDS_PER_QUESTION * 1000 * order.length;
    const sealed = { a: order.map(answer), f: field('f'), s: field('s'), u: field('u') };
    nonce = nonce || crypto.getRandomValues(new Uint8Array(32));
    const id = await commit(sealed);
    const profil = {};
    form.querySelectorAll('select').forEach(select => {
      if (select.value) profil[select.name] = select.value;
    });
    const saran = field('saran').trim();
    return JSON.stringify(Object.assign(
      { id, nonce: hex(nonce) }, sealed, { channel: Number(field('channel')), profil },
      saran ? { saran } : {}, tiket && tiket.value.trim() ? { tiket: tiket.value } : {}, { cepat, situs: field('situs') }));
  }

  function lock(on) {
    form.querySelectorAll('fieldset, select, textarea, .kode').forEach(control => { control.disabled = on; });
  }

  function wait(on) {
    busy = on;
    if (on) button.setAttribute('aria-disabled', 'true');
    else button.removeAttribute('aria-disabled');
  }

  // Whether it arrived is not known: the answers stay as they are, so that the retry has the same id.
  function later(sentence) {
    lock(true);
    button.textContent = words.kirim_lagi;
    news.textContent = sentence + ' ' + words.terkunci;
  }

  function refused(reply) {
    lock(false);
    body = null;
    news.textContent = '';
    if (reply.problems && reply.problems.length) show(reply.problems);
    else news.textContent = reply.galat || words.ditolak;
  }

  async function post() {
    const options = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body };
    const reply = await fetch(form.dataset.api, options);
    const data = await reply.json().catch(() => null);
    return { status: reply.status, data: data || {} };
  }

  const lost = { status: 0, data: {} };
  const tired = () => new Promise(resolve => setTimeout(resolve, PATIENCE, lost));

  async function send() {
    wait(true);
    show([]);
    news.textContent = words.mengirim;
    try {
      body = body || await pack();
    } catch (error) {
      HTMLFormElement.prototype.submit.call(form);
      return;
    }
    const { status, data } = await Promise.race([post().catch(() => lost), tired()]);
    if ((status === 200 || status === 201) && data.kode) {
      location.replace(form.dataset.thanks + encodeURIComponent(data.kode));
      return;
    }
    wait(false);
    finish(status, data);
  }

  function finish(status, data) {
    if (status === 429 || status >= 500) later(words.sibuk);
    else if (status >= 400 && status < 500) refused(data);
    else later(words.putus);
    if (box.hidden) button.scrollIntoView({ block: 'nearest' });
  }

  form.addEventListener('submit', event => {
    const able = window.fetch && window.crypto && crypto.subtle && window.TextEncoder;
    const problems = body ? [] : missing();
    if (able || busy || problems.length) event.preventDefault();
    if (busy) return;
    if (problems.length) {
      show(problems);
    } else if (able) {
      send();
    } else {
      wait(true);
      setTimeout(wait, PATIENCE, false);
    }
  });

  form.addEventListener('change', event => {
    Array.from(list.children).filter(item => item.dataset.field === event.target.name).forEach(settle);
    count();
  });

  window.addEventListener('hashchange', takeTicket);
  const seen = () => { if (!shown && !document.hidden) shown = performance.now(); };
  document.addEventListener('visibilitychange', seen);
  window.addEventListener('pageshow', event => { if (event.persisted) wait(false); count(); });
  seen();
  takeTicket();
  count();
})();
