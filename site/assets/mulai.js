// What happens when; and the start.
erase.addEventListener('click', () => {
  wait(false);
  end(words.dihapus);
});
window.addEventListener('online', () => { if (body) send(true); });
window.addEventListener('storage', () => {
  if (kept && !busy && (held() || {}).body !== body) end(words.lain);
});

form.addEventListener('submit', event => {
  if (event.submitter && event.submitter.formNoValidate) return; // another language, where the script cannot fetch
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
    forget();
    wait(true);
    setTimeout(wait, PATIENCE, false);
  }
});

form.addEventListener('change', event => {
  Array.from(list.children).filter(item => item.dataset.field === event.target.name).forEach(settle);
  count();
  remember();
});
form.addEventListener('input', event => {
  if (event.target.name === 'saran') peek();
  remember();
});

window.addEventListener('hashchange', takeFragment);
const seen = () => { if (!shown && !document.hidden) shown = performance.now(); };
document.addEventListener('visibilitychange', seen);
window.addEventListener('pageshow', event => {
  if (event.persisted) wait(false);
  count();
  if (body) send(true);
  else resume();
});
seen();
takeDraft();
count();

if (!own) form.autocomplete = 'off';
if (kiosk) {
  ['pointerdown', 'click', 'keydown', 'scroll'].forEach(name => document.addEventListener(name, touched));
  document.addEventListener('click', widen);
  stay();
} else if (!own && !handed && !entries().length) {
  handOver();
}

// The page itself while the line is down; sending needs no worker.
if (navigator.serviceWorker) {
  const policy = { createScriptURL: () => '/sw.js' };
  const address = window.trustedTypes ? trustedTypes.createPolicy('skm', policy).createScriptURL('') : '/sw.js';
  window.addEventListener('load', () => { navigator.serviceWorker.register(address).catch(() => 0); });
}
