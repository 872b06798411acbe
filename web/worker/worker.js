// Starts the worker's module. A failure that reaches no handler has to reach the page, and a
// rejected promise does not by itself; a trap in a photo's task ends up in one of the two.
import init from "./tagsight-worker.js";

addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  reportError(event.reason);
});

init().catch((error) => {
  if (!(error instanceof WebAssembly.CompileError)) throw error;
  // The browser's copy may be damaged.
  return init({ module_or_path: fetch("tagsight-worker_bg.wasm", { cache: "reload" }) });
});
