// Starts the module that reads and writes keywords, for the worker and for the dialog.

let started;

/** The module, once it runs; a copy of the browser's that is damaged is fetched again. */
export async function start() {
  const module = await import("./tagsight-keywords-module.js");
  started ??= module.default().catch((error) => {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    const address = new URL("tagsight-keywords-module_bg.wasm", import.meta.url);
    return module.default({ module_or_path: fetch(address, { cache: "reload" }) });
  });
  await started.catch((error) => {
    started = undefined;
    throw error;
  });
  return module;
}

/** The keywords that people, or other programs, gave a photo, in form C; none where it has none to be read. */
export async function keywords(photo) {
  return (await start()).keywords(photo).map((word) => word.normalize("NFC"));
}

/** What words are compared by. */
export function fold(word) {
  return word.normalize("NFC").trim().toLowerCase();
}
