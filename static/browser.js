// What the page asks of the browser and web-sys does not have, or has at several times the size.

/** The scripts that the page may start, by their very addresses. */
const SCRIPTS = [...["threads", "relaxed", "simd"].map((build) => `worker-${build}/worker.js`), "sw.js"];
const rules = {
  createScriptURL(address) {
    if (SCRIPTS.includes(address)) return address;
    throw new TypeError(`${address} is no script of this site`);
  },
};
// The one policy that the content security policy admits, where the browser asks for one.
const policy = globalThis.trustedTypes?.createPolicy("tagsight", rules) ?? rules;

export function startWorker(address) {
  return new Worker(policy.createScriptURL(address), { type: "module" });
}

/**
 * Whether workers may share memory: the host, or the service worker, has isolated the page, and futures can
 * wait for other threads.
 */
export function canShareMemory() {
  return crossOriginIsolated && "waitAsync" in Atomics;
}

/** Has updates wait, whichever tab they are taken in, until what this gives is called. */
export function holdBatch() {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  navigator.locks?.request("tagsight-batch", { mode: "shared" }, () => held);
  return release;
}

/** Whether any tab is tagging photos. */
export async function isBatchHeld() {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some(({ name }) => name === "tagsight-batch");
}

/** Takes the files that the service worker was handed, in the order in which they came. */
export async function sharedFiles() {
  const files = [];
  if (!(await globalThis.caches?.has("shared"))) return files;
  const cache = await caches.open("shared");
  for (const request of await cache.keys()) {
    const kept = await cache.match(request);
    const blob = await kept?.blob();
    const [, name] = request.url.match(/\/\d+-\d+-([^/]*)$/);
    // If it cannot be deleted, another tab has it.
    if (blob && (await cache.delete(request))) {
      files.push(new File([blob], decodeURIComponent(name), { type: blob.type }));
    }
  }
  return files;
}

const READING = { mode: "read" };

/**
 * Of each of the handles, whether the page may open its file. Where the browser wants the user to be
 * asked it is done, until the user refuses once.
 */
export async function mayOpen(handles) {
  const answers = [];
  let isRefused = false;
  for (const handle of handles) {
    let answer = await handle.queryPermission(READING);
    if (answer === "prompt" && !isRefused) {
      // It fails where the user's last click was too long ago.
      answer = await handle.requestPermission(READING).catch(() => "denied");
      isRefused = answer !== "granted";
    }
    answers.push(answer === "granted");
  }
  return answers;
}

/**
 * Opens the dialog that takes tags along, of a module that comes with it. Of each photo there is a file or
 * its handle, as far as either is known.
 */
export async function takeAlong(library, given, handles, marks, ofChosen, language, onWritten) {
  const files = given.map((file, index) => file ?? handles[index]);
  const { open } = await import("./export/load.js");
  await open({ library, files, marks, ofChosen, language, mayOpen, onWritten });
}

/** Has the dialogs' module come and start. */
export async function loadDialogs() {
  const { start } = await import("./dialogs.js");
  return start();
}

let latest;

/**
 * Has it show what is open; `hear` is told what is done there. While the module comes, only the last call
 * counts: who waits for one and the same import need not go on in the order of their calls.
 */
export async function showDialog(shown, hear) {
  latest = shown;
  const module = await loadDialogs();
  if (latest === shown) module.show(shown, hear);
}

/** Gives `take` the files that the system opens with the installed page, with their handles. */
export function onLaunch(take) {
  globalThis.launchQueue?.setConsumer(async ({ files }) => {
    const open = async (handle) => [await handle.getFile(), handle];
    const opened = await Promise.allSettled(files.map(open));
    const there = opened.filter(({ value }) => value).map(({ value }) => value);
    if (there.length) take(there);
  });
}

// An update was taken, here or in another tab, and no tab is tagging.
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data === "taken") location.reload();
});

/** How often a page that is seen has the copies on the device compared. */
const CHECK_MILLIS = 20_000;

/**
 * The page's end of the service worker. `tell` hears "preparing", "ready" or why not ("online-only",
 * "unsupported", "incomplete"), and of a newer build "update", "busy" or "no-update".
 */
export class Offline {
  constructor(tell) {
    this.tell = tell;
    const workers = navigator.serviceWorker;
    // A site that is built without leaves this out.
    if (!document.querySelector("meta[name=service-worker]")) return tell("online-only");
    if (!workers) return tell("unsupported");
    tell("preparing");
    workers.addEventListener("message", ({ data }) => tell(data));
    addEventListener("online", () => this.register());
    document.addEventListener("visibilitychange", () => this.look());
    setInterval(() => this.check(), CHECK_MILLIS);
    this.register();
  }

  /** Has this model on the device as well, instead of the one before. */
  keep(model) {
    if (this.model === model) return;
    this.model = model;
    this.check();
  }

  takeUpdate() {
    this.registration?.waiting?.postMessage(["take"]);
  }

  async register() {
    const workers = navigator.serviceWorker;
    try {
      const script = policy.createScriptURL("sw.js");
      // The browser must not look for a newer one in its own cache.
      this.registration = await workers.register(script, { updateViaCache: "none" });
    } catch (error) {
      return this.tell(error.name === "SecurityError" ? "unsupported" : "incomplete");
    }
    this.registration.onupdatefound = () => this.watch();
    this.watch();
    if (this.registration.active && this.registration.waiting) this.tell("update");
    this.check();
  }

  /** Watches the worker that is being installed. */
  watch() {
    const worker = this.registration.installing;
    if (worker) worker.onstatechange = () => this.changed(worker.state);
  }

  changed(state) {
    const { active } = this.registration;
    if (state === "installed" && active) this.tell("update");
    if (state === "redundant" && !active) this.tell("incomplete");
    if (state === "activated") {
      this.tell("no-update");
      this.check();
    }
  }

  /** Has every copy compared, if there is who can do so and somebody who sees it. */
  check() {
    if (document.hidden || !this.model) return;
    this.registration?.active?.postMessage(["check", `models/${this.model}`]);
  }

  /** The page is seen again, perhaps after days. */
  look() {
    this.check();
    if (!document.hidden) this.registration?.update().catch(() => {});
  }
}
