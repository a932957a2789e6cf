/**
 * Keeps the pages of a lesson in the browser, so that they open without a network. Whoever visits one page gets the
 * others afterwards, one by one. The site that brings it says which pages there are, and names their version.
 */

const worker = /** @type {any} */ (self);
/** @type {{ version: string, pages: string[], others: string[] }} */
const { version, pages, others } = worker.SITE;
const PREFIX = "kwlesson-pages-";

/**
 * Name the page at an address, if it is one of ours.
 * @param {string} address
 */
function pageAt(address) {
  const { scope } = worker.registration;
  const name = address.startsWith(scope) ? address.slice(scope.length).replace(/[?#].*$/s, "") || "index.html" : "";
  return [...pages, ...others].find((page) => page === name);
}

/** @param {string} page */
async function keep(page) {
  const cache = await caches.open(PREFIX + version);
  if (!(await cache.match(page))) await cache.add(page);
}

async function keepAll() {
  /** @type {{ url: string }[]} */
  const windows = await worker.clients.matchAll({ includeUncontrolled: true, type: "window" });
  const open = windows.flatMap(({ url }) => pageAt(url) ?? []);
  for (const page of open) await keep(page);
  const saves = worker.navigator.connection?.saveData;
  if (!saves && open.some((page) => pages.includes(page))) for (const page of pages) await keep(page);
}

async function begin() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== PREFIX + version) await caches.delete(name);
  }
  await worker.clients.claim();
  await keepAll();
}

/**
 * @param {string} page
 * @param {Request} request
 */
async function answer(page, request) {
  const cache = await caches.open(PREFIX + version);
  const kept = await cache.match(page);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await cache.put(page, fresh.clone());
  return fresh;
}

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(begin()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const page = event.request.method === "GET" && pageAt(event.request.url);
  if (page) event.respondWith(answer(page, event.request));
});
