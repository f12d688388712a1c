// What helps to fill the form: a draft that outlives a reload, other languages, large text and contrast, and the text
// as it will be sent, without personal data.
const LOOKS = ['besar', 'kontras'];
const looks = document.getElementById('rupa');
const said = document.getElementById('kabar-alat');
const sketch = place + ' draf';
let handed = false; // an assisted answer: the officer has given the phone away

// The collector masks again; a browser that does not know a pattern leaves it to that.
let masks = [];
try {
  const [noName, ...lines] = form.dataset.pola.split('\n'); // what several patterns share, and ~ in its place
  masks = lines.map(line => {
    const end = line.indexOf('/');
    return new RegExp(line.slice(end + 1).replace(/~/g, () => noName), 'gu' + line.slice(0, end));
  });
} catch (error) { /* then the page shows nothing and the collector alone masks */ }
const mask = text => masks.reduce((masked, pattern) => masked.replace(pattern, '$1###'), text);

function peek() {
  const text = field('saran').trim();
  const masked = mask(text);
  preview.hidden = masked === text;
  preview.querySelector('span').textContent = preview.hidden ? '' : masked;
}

function look(name, on) {
  root.classList.toggle(name, on);
  looks.querySelector(`[value=${name}]`).setAttribute('aria-pressed', String(on));
}

// What was entered, as [name, value].
function entries() {
  return Array.from(form.elements)
    .filter(control => control.value && control.name !== 'situs')
    .filter(control => (control.type === 'radio' ? control.checked : /^(select|text)/.test(control.type)))
    .map(control => [control.name, control.value]);
}

const draft = () => ({
  isi: entries(),
  rupa: LOOKS.filter(name => root.classList.contains(name)),
  lama: Math.round(performance.now() - shown + before),
  handed,
});

function take(found) {
  found.isi.forEach(([name, value]) => {
    const control = form.elements.namedItem(name);
    if (control) control.value = value;
  });
  found.rupa.forEach(name => look(name, true));
  before = Number(found.lama) || 0;
  handed = Boolean(found.handed);
  peek();
}

// The draft of the own phone lies in the tab's storage: it ends with the tab, or with the answer being on its way.
function forget() {
  try {
    sessionStorage.removeItem(sketch);
  } catch (error) { /* nothing was kept either */ }
}

function remember() {
  if (!own || body || over) return;
  const now = draft();
  if (!now.isi.length && !now.rupa.length) {
    forget();
    return;
  }
  try {
    sessionStorage.setItem(sketch, JSON.stringify(now));
  } catch (error) { /* a reload then starts anew, as without script */ }
}

function remembered() {
  try {
    return own && sessionStorage.getItem(sketch);
  } catch (error) {
    return null;
  }
}

// A ticket or a draft comes behind the # of the address: no server sees it there. It leaves the address at once.
// A draft is taken only from a page of ours, so that no QR code can come with answers already chosen.
function takeFragment() {
  const found = /^#([td])=(.+)$/.exec(location.hash);
  if (!found) return null;
  history.replaceState(null, '', location.pathname + location.search);
  if (found[1] === 'd') return document.referrer.startsWith(location.origin + '/') ? found[2] : null;
  if (!tiket || body || !/^[0-9A-Za-z-]+$/.test(found[2])) return null;
  tiket.value = found[2];
  Array.from(list.children).filter(item => item.dataset.field === 'tiket').forEach(settle);
  return null;
}

function takeDraft() {
  const carried = takeFragment();
  const left = carried || remembered();
  if (!left || entries().some(([name]) => name !== 'tiket')) return; // a form that came back knows better
  try {
    take(JSON.parse(carried ? decodeURIComponent(left) : left));
  } catch (error) {
    forget(); // not written by this page
  }
  remember();
}

// To the same form in another language, with what was entered; only when that page can be had.
async function turn(code, carried) {
  const target = `/${field('s')}/${code === 'id' ? '' : code + '/'}`;
  const query = own ? '' : `?channel=${field('channel')}`;
  const found = await fetch(target).then(reply => reply.ok && reply.text()).catch(() => '');
  if (!found || body) return false;
  location.replace(target + query + (carried ? '#d=' + encodeURIComponent(carried) : ''));
  return true;
}

tongues.forEach(tongue => tongue.addEventListener('click', async event => {
  if (!window.fetch) return; // then the form posts itself to the collector
  event.preventDefault();
  if (busy) return;
  busy = true;
  said.textContent = '';
  const turned = await turn(tongue.value, JSON.stringify(draft()));
  busy = turned;
  if (!turned) said.textContent = words.bahasa_gagal;
}));

looks.hidden = false;
looks.addEventListener('click', event => {
  if (event.target.value) look(event.target.value, !root.classList.contains(event.target.value));
  remember();
});
