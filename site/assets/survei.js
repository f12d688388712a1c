// Improves the plain form: progress, a check before sending, a commitment made on the phone, and an answer that is
// kept until it is sent: the very same bytes again, so that it counts once.
// Where fetch or crypto.subtle is missing the form posts by itself and the collector does the rest.
(() => {
  'use strict';
  const SECONDS_PER_QUESTION = 2; // faster than this sets the flag `cepat`
  const PATIENCE = 20000; // ms to wait for a reply before saying that the line is down
  const FIRST = 5000; // ms to the first retry; each further one waits twice as long, give or take a half
  const LONGEST = 300000;
  const DAYS = 7; // that an unsent answer stays on the phone
  const UNTOUCHED = 180000; // ms after which a kiosk clears a form that somebody left
  const READING = 20000; // ms that a kiosk shows how it ended
  const form = document.getElementById('survei');
  const box = document.getElementById('galat');
  const list = box.querySelector('ul');
  const news = document.getElementById('kabar');
  const button = form.querySelector('button');
  const erase = document.getElementById('hapus');
  const meter = document.getElementById('kemajuan');
  const words = JSON.parse(form.dataset.words);
  const order = form.dataset.order.split(' ');
  const sets = Array.from(form.querySelectorAll('fieldset'));
  const tiket = document.getElementById('i-tiket'); // where tickets are used
  const failed = box.querySelector('h2').textContent + ' – '; // before the title while there are problems
  const title = document.title.replace(failed, '');
  let shown = 0; // when the page was first seen
  let nonce = null; // one for an answer, so that a retry has the same id
  let body = null; // the JSON under way; kept until the collector accepts or refuses it
  let busy = false;
  let kept = false; // whether the body also lies in the phone's storage
  let over = false; // nothing to fill or to send: the button starts anew
  let tries = 0;
  let timer = 0;
  let idle = 0;

  const fill = (text, values) => text.replace(/{(\w+)}/g, (all, key) => values[key]);
  const hex = bytes => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('');
  const field = name => form.querySelector(`[name="${name}"]`).value;
  const answer = id => {
    const chosen = form.querySelector(`input[name="${id}"]:checked`);
    return chosen ? Number(chosen.value) : null;
  };

  const asked = new URLSearchParams(location.search).get('channel');
  if (asked === '2' || asked === '4') form.querySelector('[name=channel]').value = asked;
  const kiosk = field('channel') === '2';
  const own = field('channel') === '1'; // only the citizen's own phone keeps anything
  const place = `skm ${field('u')} ${field('s')}`;
  const start = button.textContent;

  function count() {
    const done = order.filter(id => answer(id) !== null).length;
    const locked = form.classList.contains('terkunci');
    const bar = meter.querySelector('progress');
    meter.hidden = over;
    bar.hidden = locked;
    bar.value = done;
    meter.querySelector('span').textContent =
      locked ? words.dikunci : fill(words.kemajuan, { isi: done, jumlah: order.length });
  }

  // The first sentence is the state.
  function say(text, state = '') {
    news.className = `kabar ${state}`;
    if (news.textContent === text) return; // the same again would be read out again
    const end = text.indexOf('. ') + 1 || text.length;
    news.textContent = '';
    news.appendChild(document.createElement('strong')).textContent = text.slice(0, end);
    news.append(text.slice(end));
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

  // The phone's storage: one unsent answer of a layanan, as it was sent. Refused storage is no fault.
  function held() {
    try {
      return JSON.parse(localStorage.getItem(place));
    } catch (error) {
      return null;
    }
  }

  function store(value) {
    try {
      if (value) localStorage.setItem(place, JSON.stringify(value));
      else localStorage.removeItem(place);
    } catch (error) { /* then only this page has it, and says so */ }
  }

  function keep() {
    if (own && !held()) store({ body, at: Date.now() });
    kept = own && (held() || {}).body === body;
  }

  function wipe() {
    if ((held() || {}).body === body) store(null);
    clearTimeout(timer);
    body = nonce = null;
    kept = false;
    tries = 0;
  }

  function lock(on) {
    form.querySelectorAll('fieldset, select, textarea, .kode').forEach(control => { control.disabled = on; });
    form.classList.toggle('terkunci', on);
    if (!on && document.activeElement === erase) button.focus();
    erase.hidden = !on;
    count();
  }

  // Without the questions: nobody who opens the page later, or stands at the kiosk next, sees what was chosen.
  function fold(on) {
    document.body.classList.toggle('tertutup', on);
    if (on) form.reset();
  }

  function wait(on) {
    busy = on;
    if (on) button.setAttribute('aria-disabled', 'true');
    else button.removeAttribute('aria-disabled');
  }

  function fresh() {
    wipe();
    over = false;
    show([]);
    fold(false);
    form.reset();
    lock(false);
    say('');
    button.textContent = start;
    shown = performance.now();
    window.scrollTo(0, 0);
  }

  function end(sentence, state) {
    wipe();
    over = true;
    fold(true);
    lock(false);
    say(sentence, state);
    button.textContent = words.mulai;
    if (kiosk) timer = setTimeout(fresh, READING);
  }

  // Whether it arrived is not known: the answers stay as they are, so that the retry has the same id.
  function later(sentence, after) {
    if (kiosk) fold(true);
    lock(true);
    button.textContent = words.kirim_lagi;
    say(`${sentence} ${fill(kept ? words.disimpan : words.tidak_disimpan, { hari: DAYS })}`, 'belum');
    const pause = Math.min(LONGEST, FIRST * 2 ** tries) * (0.5 + Math.random());
    tries += 1;
    clearTimeout(timer);
    timer = setTimeout(send, Math.max(pause, Math.min(LONGEST, after * 1000)), true);
  }

  // For good: it can never be accepted as it is.
  function refused(reply) {
    const sentence = reply.galat || words.ditolak;
    if (document.body.classList.contains('tertutup')) {
      end(`${sentence} ${words.dibuang}`, 'tolak');
      return;
    }
    wipe();
    lock(false);
    button.textContent = start;
    say('');
    if (reply.problems && reply.problems.length) show(reply.problems);
    else say(`${sentence} ${words.dibuang}`, 'tolak');
  }

  async function post() {
    const options = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body };
    const reply = await fetch(form.dataset.api, options);
    const data = await reply.json().catch(() => null);
    return { status: reply.status, data: data || {}, after: Number(reply.headers.get('Retry-After')) || 0 };
  }

  const lost = { status: 0, data: {}, after: 0 };
  const tired = () => new Promise(resolve => setTimeout(resolve, PATIENCE, lost));

  // One tab at a time. A body that is no longer in the storage was sent, or erased, by another tab.
  async function attempt() {
    if (kept && (held() || {}).body !== body) return null;
    return Promise.race([post().catch(() => lost), tired()]);
  }

  async function alone() {
    if (!kept || !navigator.locks) return attempt();
    let reply = lost;
    await navigator.locks.request(place, async () => { reply = await attempt(); }).catch(() => 0);
    return reply;
  }

  async function send(quiet) {
    if (busy) return;
    wait(true);
    clearTimeout(timer);
    if (!quiet) {
      show([]);
      say(words.mengirim);
    }
    try {
      body = body || await pack();
    } catch (error) {
      HTMLFormElement.prototype.submit.call(form);
      return;
    }
    if (!kept) keep();
    const sent = body;
    const reply = await alone();
    if (sent !== body) return; // erased while it was under way
    if (reply && (reply.status === 200 || reply.status === 201) && reply.data.kode) {
      arrived(reply.data.kode);
      return;
    }
    wait(false);
    if (reply) finish(reply, quiet);
    else end(words.lain);
  }

  function arrived(kode) {
    if (kiosk) {
      wait(false);
      end(fill(words.diterima, { kode }));
      return;
    }
    wipe();
    form.reset();
    location.replace(form.dataset.thanks + encodeURIComponent(kode));
  }

  // Final is only what the collector itself refuses in words; a proxy or a portal on the way may say anything.
  function finish({ status, data, after }, quiet) {
    if (status >= 400 && status < 500 && status !== 429 && data.galat) refused(data);
    else later(status === 429 || status >= 500 ? words.sibuk : words.putus, after);
    if (!quiet && box.hidden) (erase.hidden ? button : erase).scrollIntoView({ block: 'nearest' });
  }

  // An answer that an earlier page left on this phone.
  function resume() {
    const left = own && !body ? held() : null;
    if (!left) return;
    const now = Date.now();
    if (typeof left.body !== 'string' || !(now - left.at <= DAYS * 86400000)) {
      store(null);
      end(fill(words.kedaluwarsa, { hari: DAYS }));
      return;
    }
    if (left.at > now) store({ body: left.body, at: now }); // the clock was set back
    body = left.body;
    kept = true;
    fold(true);
    later(words.tertunda, 0);
    send(true);
  }

  erase.addEventListener('click', () => {
    wait(false);
    end(words.dihapus);
  });
  window.addEventListener('online', () => { if (body) send(true); });
  window.addEventListener('storage', () => {
    if (kept && !busy && (held() || {}).body !== body) end(words.lain);
  });

  form.addEventListener('submit', event => {
    const able = window.fetch && window.crypto && crypto.subtle && window.TextEncoder;
    const problems = body || over ? [] : missing();
    if (able || busy || over || problems.length) event.preventDefault();
    if (busy) return;
    if (over) {
      fresh();
    } else if (problems.length) {
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
  window.addEventListener('pageshow', event => {
    if (event.persisted) wait(false);
    count();
    if (body) send(true);
    else resume();
  });
  seen();
  takeTicket();
  count();

  if (kiosk) {
    const touched = () => {
      clearTimeout(idle);
      idle = setTimeout(() => { if (!body && !over) fresh(); }, UNTOUCHED);
    };
    form.autocomplete = 'off';
    ['pointerdown', 'keydown', 'scroll'].forEach(name => document.addEventListener(name, touched, { passive: true }));
  }

  // The page itself while the line is down; sending needs no worker.
  if (navigator.serviceWorker) {
    const policy = { createScriptURL: () => '/sw.js' };
    const address = window.trustedTypes ? trustedTypes.createPolicy('skm', policy).createScriptURL('') : '/sw.js';
    window.addEventListener('load', () => { navigator.serviceWorker.register(address).catch(() => 0); });
  }
})();
