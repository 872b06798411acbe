// Starts the dialog's module and the one that reads and writes keywords; and what the dialog asks of the
// browser that is all calls and no thought.
import { start as startKeywords, starter } from "../keywords/load.js";

const start = starter(
  () => import("./tagsight-export.js"),
  new URL("tagsight-export_bg.wasm", import.meta.url),
);
let keywords;

/** Opens the dialog over what the page gives. */
export async function open(given) {
  const [module, other] = await Promise.all([start(), startKeywords()]);
  keywords = other;
  module.open(given);
}

/** What the other module says. */
export const plan = (...request) => keywords.plan(...request);
export const coded = (photo) => keywords.coded(photo);

/** A moment by the user's clock, with its zone: "2026-11-26T16:30:00+09:00". */
export function localTime(millis) {
  const minutes = -new Date(millis).getTimezoneOffset();
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  const zone = `${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  const clock = new Date(millis + minutes * 60_000).toISOString().slice(0, 19);
  return `${clock}${minutes < 0 ? "-" : "+"}${zone}`;
}

/** Whether the browser has folders that can be written into, and whether it shares photos. */
export const hasFolders = () => "showDirectoryPicker" in globalThis;
export const hasShare = () => Boolean(navigator.canShare?.({ files: [new File([], "a.jpg", { type: "image/jpeg" })] }));

export const fileOf = async (source) => (source instanceof File ? source : source.getFile());
export const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());

/** Lets the browser do what waits. */
export const wait = () => new Promise((resolve) => setTimeout(resolve));

/** SHA-256, in lower-case hexadecimal; nothing where the page's host is not trusted with it. */
export async function digest(bytes) {
  const hash = await crypto.subtle?.digest("SHA-256", bytes);
  return hash && Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const pickFolder = () => showDirectoryPicker({ id: "tagsight", mode: "readwrite" });

/** Every file of a folder and of those in it, as [path, name, its handle, its folder]. */
export async function walk(folder) {
  const found = [];
  const folders = [["", folder]];
  while (folders.length) {
    const [path, folder] = folders.pop();
    for await (const handle of folder.values()) {
      // What begins with a point is the system's, and other programs' trash.
      if (handle.name.startsWith(".")) continue;
      if (handle.kind === "directory") folders.push([`${path}${handle.name}/`, handle]);
      else found.push([`${path}${handle.name}`, handle.name.normalize("NFC"), handle, folder]);
    }
  }
  return found;
}

/** The file of that name in a folder, if there is one. */
export async function sibling(folder, name) {
  try {
    return await (await folder.getFileHandle(name)).getFile();
  } catch (error) {
    if (error.name === "NotFoundError") return undefined;
    throw error;
  }
}

/**
 * Puts `parts` in the place of what a file holds: the browser writes beside it and swaps them at the end,
 * so that there is the old file or the new one, whatever happens.
 */
export async function replace(handle, parts) {
  const writable = await handle.createWritable();
  try {
    for (const part of parts) await writable.write(part);
  } catch (error) {
    await writable.abort().catch(() => {});
    throw error;
  }
  await writable.close();
}

/** The same of a file that may not be there; if it was not and cannot be written, it is not there. */
export async function create(folder, name, parts) {
  const isNew = !(await sibling(folder, name));
  const handle = await folder.getFileHandle(name, { create: true });
  try {
    await replace(handle, parts);
  } catch (error) {
    if (isNew) await folder.removeEntry(name).catch(() => {});
    throw error;
  }
}

export const remove = (folder, name) => folder.removeEntry(name);

/** Where an archive goes that the browser saves by itself, until it is saved. */
const FOLDER = "tagsight-export";
/** How long a browser may take to begin with a file. */
const SAVING_MILLIS = 60_000;

/** Hands a file to the user as a download. */
export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  // A click on what is behind a dialog would be lost.
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), SAVING_MILLIS);
}

/**
 * A new file that is written from front to back: where the user wants it, or else in the browser's own
 * folder, or else in parts that the browser keeps; the latter two are downloads in the end.
 */
export async function openSink(name, type) {
  if (globalThis.showSaveFilePicker) {
    const types = [{ accept: { [type]: [name.slice(name.lastIndexOf("."))] } }];
    const handle = await showSaveFilePicker({ id: "tagsight", suggestedName: name, types });
    const discard = async () => {
      // The browser has made the file, or emptied it, when it was chosen.
      if ((await handle.getFile()).size === 0) await handle.remove?.();
    };
    return new Stream(await handle.createWritable(), handle.name, () => {}, discard);
  }
  const root = await navigator.storage.getDirectory?.().catch(() => undefined);
  const folder = await root?.getDirectoryHandle(FOLDER, { create: true }).catch(() => undefined);
  const handle = await folder?.getFileHandle(`${Date.now()}-${name}`, { create: true });
  if (!handle?.createWritable) return new Parts(name, type);
  const save = async () => download(await handle.getFile(), name);
  return new Stream(await handle.createWritable(), name, save, () => folder.removeEntry(handle.name));
}

/** Removes archives of earlier visits that were saved long ago. */
export async function tidy() {
  const root = await navigator.storage?.getDirectory?.();
  const folder = await root?.getDirectoryHandle(FOLDER);
  for await (const name of folder?.keys() ?? []) {
    if (Date.now() - parseInt(name, 10) > 60 * SAVING_MILLIS) await folder.removeEntry(name);
  }
}

class Stream {
  constructor(writable, name, save, discard) {
    Object.assign(this, { writable, name, save, discard });
  }
  write(part) {
    return this.writable.write(part);
  }
  async close() {
    await this.writable.close();
    await this.save();
  }
  async abort() {
    await this.writable.abort().catch(() => {});
    await Promise.resolve(this.discard()).catch(() => {});
  }
}

class Parts {
  parts = [];
  constructor(name, type) {
    Object.assign(this, { name, type });
  }
  async write(part) {
    // A blob is the browser's to put where it wants, bytes are in the page's memory.
    this.parts.push(new Blob([part]));
  }
  async close() {
    download(new Blob(this.parts, { type: this.type }), this.name);
  }
  async abort() {
    this.parts = [];
  }
}

export const canShare = (files) => navigator.canShare({ files });
export const share = (files) => navigator.share({ files });

export function recall(key) {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    // A browser that stores nothing begins anew.
    return "";
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
}
