// Sends the answer: a commitment made on the phone, and an answer that is kept until it is sent: the very same bytes
// again, so that it counts once. Where fetch or crypto.subtle is missing the form posts by itself.
const PATIENCE = 20000; // ms to wait for a reply before saying that the line is down
const FIRST = 5000; // ms to the first retry; each further one waits twice as long, give or take a half
const LONGEST = 300000;
const DAYS = 7; // that an unsent answer stays on the phone
const READING = 20000; // ms that a kiosk shows how it ended
let nonce = null; // one for an answer, so that a retry has the same id
let kept = false; // whether the body also lies in the phone's storage
let tries = 0;
let timer = 0;

// id = SHA-256("skm-commit/v1\n" || nonce || canonical), the canonical keys in sorted order.
async function commit(sealed) {
  const utf8 = new TextEncoder();
  const parts = [utf8.encode('skm-commit/v1\n'), nonce, utf8.encode(JSON.stringify(sealed))];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (bytes.set(part, at), at + part.length), 0);
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

async function pack() {
  const cepat = performance.now() - shown + before < SECONDS_PER_QUESTION * 1000 * order.length;
  const sealed = { a: order.map(answer), f: field('f'), s: field('s'), u: field('u') };
  nonce = nonce || crypto.getRandomValues(new Uint8Array(32));
  const id = await commit(sealed);
  const profil = {};
  form.querySelectorAll('select').forEach(select => {
    if (select.value) profil[select.name] = select.value;
  });
  const saran = mask(field('saran').trim());
  return JSON.stringify(Object.assign(
    { id, nonce: hex(nonce) }, sealed, { channel: Number(field('channel')), profil },
    saran ? { saran } : {}, tiket && tiket.value.trim() ? { tiket: tiket.value } : {},
    { cepat, situs: field('situs'), bahasa: button.value }));
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
  tongues.forEach(tongue => { tongue.disabled = on; });
  form.classList.toggle('terkunci', on);
  if (!on && document.activeElement === erase) button.focus();
  erase.hidden = !on;
  count();
}

// Without the questions: nobody who opens the page later, or stands at the kiosk next, sees what was chosen.
function fold(on) {
  document.body.classList.toggle('tertutup', on);
  if (on) empty();
}

function wait(on) {
  busy = on;
  if (on) button.setAttribute('aria-disabled', 'true');
  else button.removeAttribute('aria-disabled');
}

// Nothing of the answer stays on the page, in the tab's storage or in the air.
function empty() {
  hush();
  form.reset();
  forget();
  peek();
}

function fresh() {
  wipe();
  over = false;
  before = 0;
  show([]);
  fold(false);
  empty();
  lock(false);
  say('');
  button.textContent = start;
  shown = performance.now();
  window.scrollTo(0, 0);
  clean();
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
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'bahasa', value: button.value }));
    HTMLFormElement.prototype.submit.call(form);
    return;
  }
  forget();
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
  empty();
  location.replace(form.dataset.thanks + encodeURIComponent(kode) + form.dataset.tail);
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
