// Files with handles: those of the origin's own file system stand in for the user's, since they can be
// kept, opened again, changed and removed like them.

/**
 * Runs in the page before its own scripts: what is dropped has the handle of the stored file of its name.
 * Such files need no permission, so `setPermission` has the browser want one, as it does for the user's
 * files on later visits, and says what the user answers; `timesAsked` counts. `launch` opens stored files
 * as the system does with the installed page.
 */
export function keepHandles() {
  let [state, answer, asked] = ["granted", "granted", 0];
  globalThis.setPermission = (...next) => ([state, answer] = next);
  globalThis.timesAsked = () => asked;
  DataTransferItem.prototype.getAsFileSystemHandle = async function () {
    const { name } = this.getAsFile();
    return (await navigator.storage.getDirectory()).getFileHandle(name);
  };
  globalThis.launchQueue.setConsumer = (take) => {
    globalThis.launch = async (names) => {
      const root = await navigator.storage.getDirectory();
      take({ files: await Promise.all(names.map((name) => root.getFileHandle(name))) });
    };
  };
  const { getFile } = FileSystemFileHandle.prototype;
  FileSystemFileHandle.prototype.getFile = function () {
    if (state === "granted") return getFile.call(this);
    return Promise.reject(new DOMException("it may not be read", "NotAllowedError"));
  };
  FileSystemHandle.prototype.queryPermission = async () => state;
  FileSystemHandle.prototype.requestPermission = async () => {
    if (!navigator.userActivation.isActive) throw new DOMException("nobody clicked", "SecurityError");
    asked += 1;
    // A refusal is of one file, the others may be asked for.
    if (answer === "granted") state = answer;
    return answer;
  };
}

/** Writes files (`{ name, buffer }`), over those of their names. */
export async function store(page, files) {
  for (const { name, buffer } of files) {
    await page.evaluate(
      async ([name, base64]) => {
        const root = await navigator.storage.getDirectory();
        const writable = await (await root.getFileHandle(name, { create: true })).createWritable();
        await writable.write(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
        await writable.close();
      },
      [name, buffer.toString("base64")],
    );
  }
}

export function removeStored(page, name) {
  return page.evaluate(async (name) => (await navigator.storage.getDirectory()).removeEntry(name), name);
}

/** Drops stored files onto the page. */
export function dropStored(page, names) {
  return page.evaluate(async (names) => {
    const root = await navigator.storage.getDirectory();
    const dataTransfer = new DataTransfer();
    for (const name of names) dataTransfer.items.add(await (await root.getFileHandle(name)).getFile());
    const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
    document.querySelector("main").dispatchEvent(drop);
  }, names);
}
