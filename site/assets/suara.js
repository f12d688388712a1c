// Reads a question and its answers aloud where the phone itself has a voice for the page's language. A voice that
// would send the text to somebody else's server does not count.
const speech = window.speechSynthesis;
let speaking = null; // the button of the question being read

const language = tag => tag.toLowerCase().split(/[-_]/)[0];
const voice = () => speech.getVoices().find(one => one.localService && language(one.lang) === language(root.lang));

function hush() {
  if (!speaking) return;
  speaking.textContent = fill(words.bacakan, speaking.parentNode.dataset);
  speaking = null;
  speech.cancel();
}

function read(event) {
  const mine = event.target;
  const again = mine === speaking;
  hush();
  if (again) return;
  const lines = mine.parentNode.querySelectorAll('.bunyi, .baris');
  const told = new SpeechSynthesisUtterance(Array.from(lines, line => line.textContent.trim()).join('. '));
  told.voice = voice();
  told.lang = told.voice.lang;
  told.onend = told.onerror = () => { if (speaking === mine) hush(); };
  speaking = mine;
  mine.textContent = words.berhenti;
  speech.speak(told);
}

function offer() {
  const can = Boolean(voice());
  sets.forEach(set => {
    let reader = set.querySelector('.suara');
    if (!reader && can) {
      reader = document.createElement('button');
      reader.type = 'button';
      reader.className = 'suara';
      reader.textContent = fill(words.bacakan, set.dataset);
      reader.addEventListener('click', read);
      set.insertBefore(reader, set.querySelector('.baris'));
    }
    if (reader) reader.hidden = !can;
  });
}

if (speech) {
  offer();
  speech.onvoiceschanged = offer;
  window.addEventListener('pagehide', hush);
}
