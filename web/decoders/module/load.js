// Starts the module that decodes PNG and WebP, for the worker. Its script comes with the worker's, since
// browsers differ in whether an import that failed may be tried again; the module itself may.

import * as module from "./tagsight-decoders-module.js";
import { starter } from "../keywords/load.js";

const load = starter(async () => module, new URL("tagsight-decoders-module_bg.wasm", import.meta.url));
let runs = false;

export async function start() {
  await load();
  runs = true;
}

export { decode } from "./tagsight-decoders-module.js";

/** What the module's memory has grown to. */
export function wasmBytes() {
  return runs ? module.wasmBytes() : 0;
}
