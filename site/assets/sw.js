// Gives out the questionnaire, in the languages in which it was opened, as it was last loaded while the line is down:
// the network first, and nothing else kept, no answer and no receipt. Sending does not need it.
'use strict';
const CACHE = 'skm-1';
const address = url => { // of a questionnaire, without ?channel= and #; empty for every other page
  const { origin, pathname } = new URL(url);
  return origin === location.origin && /^\/[^/]+\/([a-z]+\/)?$/.test(pathname) ? origin + pathname : '';
};

async function keep(page, reply) {
  const cache = await caches.open(CACHE);
  if (reply.ok && !reply.redirected) await cache.put(page, reply);
  else if (reply.status === 404) await cache.delete(page);
}

async function load(event, page) {
  const last = () => caches.open(CACHE).then(cache => cache.match(page)).catch(() => undefined);
  try {
    const reply = await fetch(event.request);
    event.waitUntil(keep(page, reply.clone()).catch(() => 0));
    return reply.status < 500 ? reply : await last() || reply;
  } catch (error) {
    return await last() || Response.error();
  }
}

// The page that brought the worker was loaded before it; asked for again, it has usually not changed (304).
async function begin() {
  const old = (await caches.keys()).filter(name => name !== CACHE);
  await Promise.all(old.map(name => caches.delete(name)));
  const open = await clients.matchAll({ includeUncontrolled: true, type: 'window' });
  const pages = new Set(open.map(client => address(client.url)).filter(Boolean));
  await Promise.all([...pages].map(page => fetch(page).then(reply => keep(page, reply))));
}

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(begin().catch(() => 0)));
self.addEventListener('fetch', event => {
  const { method, url } = event.request; // also a page that asks whether another language can be had
  const page = method === 'GET' && address(url);
  if (page) event.respondWith(load(event, page));
});
