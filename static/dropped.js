// What is dropped on the page: files, and folders with all that is in them.

/**
 * Of each thing that was dropped its files, as [file, its path in the folder, its handle]; a file that was
 * dropped by itself has no path, and one that cannot be read is null.
 */
export function dropped({ dataTransfer }) {
  const items = Array.from(dataTransfer?.items ?? []).filter(({ kind }) => kind === "file");
  const files = Array.from(dataTransfer?.files ?? []);
  // The event is empty later, so all is asked for at once.
  const things = items.map((item) => ({
    handle: item.getAsFileSystemHandle?.(),
    entry: item.webkitGetAsEntry?.(),
    file: item.getAsFile(),
  }));
  return Promise.all(things.length ? things.map(found) : files.map((file) => found({ file })));
}

/** The files of one thing, by the best that the browser gives of it. */
export async function found({ handle, entry, file }) {
  // Some folders of the system are refused, and are found by their entries.
  const known = await Promise.resolve(handle).catch(() => null);
  if (known?.kind === "directory") return collect(byHandles(known));
  if (entry?.isDirectory) return collect(byEntries(entry));
  return [[file ?? null, "", known ?? null]];
}

async function collect(files) {
  const all = [];
  for await (const file of files) all.push(file);
  return all;
}

/** By handles, which Chromium gives: one can be kept, and finds the file again on later visits. */
async function* byHandles(root) {
  const folders = [[root.name, root]];
  while (folders.length) {
    const [folder, inside] = folders.pop();
    try {
      for await (const handle of inside.values()) {
        const path = `${folder}/${handle.name}`;
        if (handle.kind === "directory") folders.push([path, handle]);
        else yield [await handle.getFile().catch(() => null), path, handle];
      }
    } catch {
      // A folder that cannot be read is as good as empty.
    }
  }
}

/** By entries, which every browser gives. */
async function* byEntries(root) {
  const folders = [root];
  while (folders.length) {
    const reader = folders.pop().createReader();
    // Some hundred come at a time, none after the last; a folder that cannot be read is as good as empty.
    const next = () => new Promise((take) => reader.readEntries(take, () => take([])));
    for (let batch = await next(); batch.length; batch = await next()) {
      for (const entry of batch) {
        if (entry.isDirectory) folders.push(entry);
        else yield [await fileOf(entry), entry.fullPath.replace(/^\/+/, ""), null];
      }
    }
  }
}

const fileOf = (entry) => new Promise((take) => entry.file(take, () => take(null)));
