// Starts the tagging worker's threads, each a worker of its own that ends with it.

/** Threads that take longer are done without. */
const PATIENCE_MILLIS = 10_000;
const rules = { createScriptURL: () => new URL("thread.js", import.meta.url).href };
// The one policy that the content security policy admits, where the browser asks for one.
const policy = globalThis.trustedTypes?.createPolicy("tagsight", rules) ?? rules;
let threads = [];

/** Has so many threads load the module on the memory; resolves to how many have. */
export async function startThreads(count, module, memory) {
  const started = await Promise.all(Array.from({ length: count }, () => start(module, memory)));
  threads = started.filter(Boolean);
  return threads.length;
}

/** Has each of them take its place in the team. */
export function serveThreads() {
  for (const thread of threads) thread.postMessage("serve");
}

/** The thread once it is ready, or nothing. One that comes too late is left waiting for its turn. */
function start(module, memory) {
  return new Promise((resolve) => {
    const thread = new Worker(policy.createScriptURL(""), { type: "module" });
    setTimeout(resolve, PATIENCE_MILLIS);
    thread.onmessage = () => {
      // From now on a failure is the worker's own.
      thread.onerror = null;
      resolve(thread);
    };
    thread.onerror = (event) => {
      event.preventDefault();
      resolve();
    };
    thread.postMessage([module, memory]);
  }).catch(() => undefined);
}
