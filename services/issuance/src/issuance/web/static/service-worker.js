/**
 * Keeps the scanner page for times without a network: the files named here, each checked against its digest, and
 * nothing else. Lists and tickets never pass through here; the page keeps its lists itself.
 */

const FILES = "FILES";
const PREFIX = "scan-";
const page = new URL("../scan", self.location.href);
const addressOf = (path) => (path === "" ? page : new URL(path, self.location.href)).href;

/** One cache a version: its name follows from the digests. */
const version = crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(FILES))).then((digest) =>
  PREFIX + Array.from(new Uint8Array(digest).subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(""),
);

async function keepAll() {
  const cache = await caches.open(await version);
  await Promise.all(Object.entries(FILES).map(async ([path, integrity]) => {
    const address = addressOf(path);
    const answer = await fetch(new Request(address, { integrity, cache: "no-cache", credentials: "omit" }));
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer);
  }));
}

async function removeOthers() {
  const mine = await version;
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== mine) await caches.delete(name);
  }
  await self.clients.claim();
}

async function answer(request, address) {
  const kept = await (await caches.open(await version)).match(address);
  return kept ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(keepAll()));
self.addEventListener("activate", (event) => event.waitUntil(removeOthers()));
self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  address.search = "";
  address.hash = "";
  const isOurs = address.href === page.href || address.href.startsWith(new URL("static/", self.location.href).href);
  if (event.request.method === "GET" && isOurs) event.respondWith(answer(event.request, address.href));
});
