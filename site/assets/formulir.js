// The parts of the form, its words, its progress and its problems. All scripts beside this one are joined into one,
// in the order that collector/pages.py names, and share these names; the form works without any of them.
const SECONDS_PER_QUESTION = 2; // faster than this sets the flag `cepat`
const form = document.getElementById('survei');
const box = document.getElementById('galat');
const list = box.querySelector('ul');
const news = document.getElementById('kabar');
const button = document.getElementById('kirim');
const erase = document.getElementById('hapus');
const meter = document.getElementById('kemajuan');
const preview = document.getElementById('samar');
const tongues = document.querySelectorAll('.alat [formaction]'); // the other languages
const words = JSON.parse(form.dataset.words);
const sets = Array.from(form.querySelectorAll('fieldset')); // in the order of the pack
const order = sets.map(set => set.id.slice(2));
const tiket = document.getElementById('i-tiket'); // where tickets are used
const root = document.documentElement;
const failed = box.querySelector('h2').textContent + ' – '; // before the title while there are problems
const title = document.title.replace(failed, '');
let shown = 0; // when the page was first seen
let before = 0; // ms that were spent on the same form in another language
let body = null; // the JSON under way; kept until the collector accepts or refuses it
let busy = false;
let over = false; // nothing to fill or to send: the button starts anew

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

// An unsur counts when all its questions are answered.
function count() {
  const unsur = (set, at) => set.dataset.unsur || order[at];
  const all = new Set(sets.map(unsur));
  const open = new Set(sets.map((set, at) => answer(order[at]) === null && unsur(set, at)).filter(Boolean));
  const locked = form.classList.contains('terkunci');
  const bar = meter.querySelector('progress');
  meter.hidden = over;
  bar.hidden = locked;
  bar.value = all.size - open.size;
  meter.querySelector('span').textContent =
    locked ? words.dikunci : fill(words.kemajuan, { isi: bar.value, jumlah: all.size });
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
  box.scrollIntoView(); // focus alone shows the middle of a long list
}

function missing() {
  return sets.filter(set => answer(set.id.slice(2)) === null)
    .map(set => ({ field: set.id.slice(2), text: fill(words.belum_dijawab, set.dataset) }));
}
