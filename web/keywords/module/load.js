// Starts the module that reads and writes keywords, for the worker and for the dialog.

/**
 * What gives a module once it runs, however often it is asked for; a copy of the browser's that is damaged is
 * fetched again.
 */
export function starter(load, address) {
  let started;
  return async () => {
    const module = await load();
    started ??= module.default().catch((error) => {
      if (!(error instanceof WebAssembly.CompileError)) throw error;
      return module.default({ module_or_path: fetch(address, { cache: "reload" }) });
    });
    await started.catch((error) => {
      started = undefined;
      throw error;
    });
    return module;
  };
}

export const start = starter(
  () => import("./tagsight-keywords-module.js"),
  new URL("tagsight-keywords-module_bg.wasm", import.meta.url),
);

/** The keywords that people, or other programs, gave a photo, in form C; none where it has none to be read. */
export async function keywords(photo) {
  return (await start()).keywords(photo).map((word) => word.normalize("NFC"));
}

/** What words are compared by. */
export function fold(word) {
  return word.normalize("NFC").trim().toLowerCase();
}
