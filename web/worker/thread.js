// A thread of the tagging worker: the same module on the same memory. It waits for work inside of the
// module, where no message reaches it, until that worker ends and takes it along.
import init, { serve } from "./tagsight-worker.js";

/** Kernels need little; unless told otherwise, two megabytes are taken. */
const STACK_BYTES = 1 << 18;

async function load({ data: [module, memory] }) {
  await init({ module_or_path: module, memory, thread_stack_size: STACK_BYTES });
  addEventListener("message", serve, { once: true });
  postMessage("ready");
}

addEventListener("message", (event) => load(event).catch(reportError), { once: true });
