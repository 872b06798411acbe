// The service worker of a site that is built without: it ends those of earlier builds. Pages that are
// open go on; from the next load on they come from the network.

addEventListener("install", () => skipWaiting());

addEventListener("activate", (event) => {
  const tidyUp = async () => {
    for (const name of await caches.keys()) {
      const [first] = await (await caches.open(name)).keys();
      const isOurs = !first || first.url.startsWith(registration.scope);
      if (/^(shell|model)-|^shared$/.test(name) && isOurs) await caches.delete(name);
    }
    await registration.unregister();
  };
  event.waitUntil(tidyUp());
});

addEventListener("message", (event) => event.source.postMessage("online-only"));
