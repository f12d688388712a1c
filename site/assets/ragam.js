// The other ways of asking: a kiosk, which starts anew for the next citizen, and an officer's phone, handed over.
const SILENCE = 10; // seconds without a touch after which a kiosk asks whether somebody is still there
const CHANCE = 20; // seconds to say so
const dialog = document.getElementById('masih');
const officer = document.getElementById('petugas');
let idle = 0;
let ticking = 0;
let wide = false; // full screen was asked for

// Whether there is anything that the next citizen must not find.
const begun = () => entries().length || button.value !== 'id' || LOOKS.some(name => root.classList.contains(name));

function stay() {
  clearTimeout(idle);
  clearInterval(ticking);
  idle = setTimeout(doubt, SILENCE * 1000);
}

function close() {
  if (dialog.open && dialog.close) dialog.close();
  dialog.removeAttribute('open');
}

function doubt() {
  if (body || busy) stay();
  if (body || busy || over || !begun()) return;
  let left = CHANCE;
  const tell = () => { document.getElementById('masih-sisa').textContent = fill(words.masih_sisa, { detik: left }); };
  tell();
  if (dialog.showModal && !dialog.open) dialog.showModal();
  dialog.setAttribute('open', '');
  ticking = setInterval(() => {
    left -= 1;
    if (left) tell();
    else leave();
  }, 1000);
}

function leave() {
  clearInterval(ticking);
  close();
  fresh();
}

// A key or a tap only says that somebody is there: it must not also choose what lies behind the dialog.
function touched(event) {
  stay();
  if (!dialog.open || event.type === 'scroll' || event.type === 'pointerdown' || event.key === 'Tab') return;
  if (event.type === 'keydown') event.preventDefault();
  close();
}

function widen() {
  if (wide || !root.requestFullscreen) return;
  wide = true;
  root.requestFullscreen({ navigationUI: 'hide' }).catch(() => 0);
}

// For the next citizen: the first language, the usual look.
function clean() {
  if (own) return;
  LOOKS.forEach(name => look(name, false));
  wide = false;
  if (!kiosk) handOver();
  else if (button.value !== 'id') turn('id', '');
}

function handOver() {
  handed = false;
  document.body.classList.add('serah');
  officer.hidden = false;
  document.getElementById('petugas-judul').focus();
}

officer.querySelector('button').addEventListener('click', () => {
  handed = true;
  document.body.classList.remove('serah');
  officer.hidden = true;
  shown = performance.now();
  window.scrollTo(0, 0);
  document.getElementById('judul').focus();
});
