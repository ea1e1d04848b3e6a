/**
 * Keeps pages of tickets that were opened on this phone, for times without a network. The network is always asked
 * first: what is kept is shown only where nobody answers, and says since when nobody has looked. A page whose link
 * leads nowhere any more is removed, with all that belongs to it.
 */

const CACHE = "tickets-1";
const PATIENCE_MILLISECONDS = 4000;
const root = new URL("../", self.location.href).href;
const staticFiles = new URL("static/", root).href;

/** Without query (the language) and fragment. */
const plain = (address) => {
  const url = new URL(address);
  return url.origin + url.pathname;
};
const isPage = (address) => /^[A-Za-z0-9_-]{22}$/.test(address.slice(root.length));

/** One after the other: what is kept late must not come back after its page was removed. */
let turn = Promise.resolve();
const inTurn = (work) => {
  turn = turn.then(work, work);
  return turn;
};

async function forget(cache, page) {
  for (const request of await cache.keys()) {
    if (request.url === page || request.url.startsWith(`${page}/`)) await cache.delete(request);
  }
}

/** Pages that nobody has to keep any longer: their tickets have ended. */
async function forgetOld(cache) {
  for (const request of await cache.keys()) {
    const until = (await cache.match(request))?.headers.get("Schulticket-Keep-Until");
    if (until !== null && until !== undefined && Date.parse(until) < Date.now()) await forget(cache, request.url);
  }
}

async function keep({ page, parts }) {
  const address = plain(page);
  if (!address.startsWith(root) || !isPage(address)) return;
  const cache = await caches.open(CACHE);
  await forgetOld(cache);
  const answer = await fetch(page, { cache: "no-store" });
  await forget(cache, address);
  if (!answer.ok) return;
  await cache.put(address, answer);
  const own = parts.map(plain).filter((part) => part.startsWith(staticFiles) || part.startsWith(`${address}/ticket`) || part.startsWith(`${root}design/`));
  await Promise.all(own.map(async (part) => {
    const found = await fetch(part);
    if (found.ok) await cache.put(part, found);
  }));
}

/** What was kept, with the words that say so. */
async function kept(address) {
  const found = await (await caches.open(CACHE)).match(address);
  if (!found || !isPage(address)) return found;
  const text = (await found.text()).replace('id="offline" hidden', 'id="offline"');
  return new Response(text, { status: 200, headers: found.headers });
}

async function answer(request, address) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MILLISECONDS);
  try {
    const found = await fetch(request, request.mode === "navigate" ? {} : { signal: patience.signal });
    if (isPage(address) && (found.status === 404 || found.status === 410)) await inTurn(async () => forget(await caches.open(CACHE), address));
    return found;
  } catch (error) {
    const found = await kept(address);
    if (found) return found;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  event.waitUntil(inTurn(() => keep(event.data)).then(() => event.source?.postMessage("kept")));
});
self.addEventListener("fetch", (event) => {
  const address = plain(event.request.url);
  if (event.request.method === "GET" && address.startsWith(root)) event.respondWith(answer(event.request, address));
});
