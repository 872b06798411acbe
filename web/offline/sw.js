// The service worker: the whole site is on the device, or none of it.
//
// xtask goes before this with what the site consists of (BUILD; FILES with their SHA-256 in base 64,
// which is shorter; MODELS with theirs as their caches are named; MODEL, the default; HEADERS) and
// leaves the comments out. Nothing here is served without its digest being compared: a copy that was
// altered or cut is fetched again.

const SHELL = `shell-${BUILD}`;
const { scope } = registration;

const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const cacheOf = (path) => (path in MODELS ? `model-${MODELS[path]}` : SHELL);
const hex = (digits) => digits.match(/../g).map((byte) => parseInt(byte, 16));
const digestOf = (path) => `sha256-${FILES[path] ?? base64(hex(MODELS[path]))}`;

/**
 * As strict as from the best host. Whatever comes from here has to be, as a page that demands it of
 * its workers gets no others.
 */
const secured = ({ body, headers }) =>
  new Response(body, { headers: { ...HEADERS, "Content-Type": headers.get("Content-Type") } });

async function matches(path, response) {
  const digest = await crypto.subtle.digest("SHA-256", await response.arrayBuffer());
  return `sha256-${base64(new Uint8Array(digest))}` === digestOf(path);
}

/** The copy of a file, if it is there and right. */
async function kept(path) {
  const copy = await caches.match(path, { cacheName: cacheOf(path) });
  return copy && (await matches(path, copy.clone())) ? copy : undefined;
}

async function put(path, response) {
  await (await caches.open(cacheOf(path))).put(path, response);
}

/** A file of this build, or an error. The browser's own copy may be the damaged one. */
async function download(path) {
  const get = (cache) => fetch(path, { cache, integrity: digestOf(path) });
  return secured(await get("no-cache").catch(() => get("reload")));
}

/** Has every file and the model there; nothing is put before all have come. */
async function fill(model, tell) {
  const missing = [];
  for (const path of [...Object.keys(FILES), ...model]) {
    if (!(await kept(path))) missing.push(path);
  }
  if (missing.length) tell?.();
  const files = await Promise.all(missing.map(download));
  for (const [at, path] of missing.entries()) await put(path, files[at]);
}

addEventListener("install", (event) => event.waitUntil(fill(MODEL)));

/** Other sites may live under the same origin; what is theirs stays. */
async function ours(name) {
  const [first] = await (await caches.open(name)).keys();
  return first?.url.startsWith(scope);
}

let taken = false;

addEventListener("activate", (event) => {
  const tidy = async () => {
    const names = [SHELL, ...Object.keys(MODELS).map(cacheOf)];
    for (const name of await caches.keys()) {
      const old = /^(shell|model)-/.test(name) && !names.includes(name);
      if (old && (await ours(name))) await caches.delete(name);
    }
    await clients.claim();
    if (taken) for (const client of await clients.matchAll()) client.postMessage("taken");
  };
  event.waitUntil(tidy());
});

addEventListener("fetch", (event) => {
  const { url } = event.request;
  if (!url.startsWith(scope)) return;
  const path = url.slice(scope.length).split(/[?#]/)[0] || "index.html";
  if (path === "share") event.respondWith(share(event.request));
  else if (path in MODELS) event.respondWith(serveModel(event, path));
  else if (path in FILES) event.respondWith(serveFile(event.request, path));
});

async function serveFile(request, path) {
  // Without the cache the build was given up, or the browser threw it away.
  const file = (await caches.has(SHELL)) && ((await kept(path)) ?? (await heal(path)));
  if (file) return file;
  const other = await fetch(request);
  if (!other.ok) return other;
  // The host has another build by now. Files of two builds must not meet, so all come from there.
  await caches.delete(SHELL);
  return secured(other);
}

/** The file from the host, if it is the right one there. */
async function heal(path) {
  const file = await download(path).catch(() => undefined);
  // Meanwhile the build may have been given up; one file would be no build.
  if (file && (await caches.has(SHELL))) await put(path, file.clone());
  return file;
}

/** A model is large: the page sees it come, and it is kept once it has. */
async function serveModel(event, path) {
  const { request } = event;
  const copy = request.cache !== "reload" && (await kept(path));
  if (copy) return copy;
  const response = await fetch(request);
  const keep = async (response) => {
    if (await matches(path, response.clone())) await put(path, secured(response));
  };
  event.waitUntil(keep(response.clone()));
  return response;
}

/** Every photo is in a cache before the page hears of any: this worker may be ended in between. */
async function share(request) {
  const cache = await caches.open("shared");
  const photos = (await request.formData()).getAll("photos");
  const now = Date.now();
  for (const [at, photo] of photos.entries()) {
    const name = encodeURIComponent(photo.name);
    await cache.put(`shared/${now}-${at}-${name}`, new Response(photo));
  }
  return Response.redirect("./?shared", 303);
}

addEventListener("message", (event) => {
  const [what, ...model] = event.data;
  const say = (words) => event.source.postMessage(words);
  event.waitUntil(what === "take" ? take(say) : check(model, say));
});

/** Says whether all is there, and sees to it. */
async function check(model, say) {
  try {
    await fill(model, () => say("preparing"));
    say("ready");
  } catch {
    say("incomplete");
  }
}

/** Takes the place of the old build in every tab, unless one of them is tagging. */
const take = (say) =>
  navigator.locks.request("tagsight-batch", { ifAvailable: true }, async (lock) => {
    if (!lock) return say("busy");
    taken = true;
    await skipWaiting();
  });
