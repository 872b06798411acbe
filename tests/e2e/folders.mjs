// Folders and files of the user's, for which those of the origin's own file system stand in: they are
// written, read and removed by the same calls.

/**
 * Runs in the page before its own scripts: whoever asks for a folder gets `photos`, and a new file is made
 * in `saved`. `refuse(times)` has the user refuse so often.
 */
export function standIns() {
  let refusals = 0;
  globalThis.refuse = (times) => (refusals = times);
  const folder = async (name) => (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
  const asked = () => {
    if (!navigator.userActivation.isActive) throw new DOMException("nobody clicked", "SecurityError");
    if (refusals-- > 0) throw new DOMException("the user refused", "AbortError");
  };
  globalThis.showDirectoryPicker = async ({ mode }) => {
    asked();
    if (mode !== "readwrite") throw new TypeError("it could not be written into");
    return folder("photos");
  };
  globalThis.showSaveFilePicker = async ({ suggestedName }) => {
    asked();
    return (await folder("saved")).getFileHandle(suggestedName, { create: true });
  };
}

/** Writes `{ name, buffer }` into the stand-in; a name may have folders. */
export async function put(page, files) {
  for (const { name, buffer } of files) {
    await page.evaluate(
      async ([path, base64]) => {
        const names = path.split("/");
        let folder = await navigator.storage.getDirectory();
        for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
        const handle = await folder.getFileHandle(names.at(-1), { create: true });
        const writable = await handle.createWritable();
        await writable.write(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
        await writable.close();
      },
      [name, buffer.toString("base64")],
    );
  }
}

/** Paths of all files of a folder, in order. */
export function list(page, folder) {
  return page.evaluate(async (start) => {
    const found = [];
    const walk = async (folder, path) => {
      for await (const [name, handle] of folder.entries()) {
        if (handle.kind === "directory") await walk(handle, `${path}${name}/`);
        else found.push(`${path}${name}`);
      }
    };
    await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle(start, { create: true }), "");
    return found.sort();
  }, folder);
}

/** What a file holds. */
export async function get(page, path) {
  const base64 = await page.evaluate(async (path) => {
    const names = path.split("/");
    let folder = await navigator.storage.getDirectory();
    for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name);
    const file = await (await folder.getFileHandle(names.at(-1))).getFile();
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(text);
  }, path);
  return Buffer.from(base64, "base64");
}
