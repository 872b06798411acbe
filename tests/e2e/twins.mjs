// Files that are one photo to the page: what codes their picture is the same, whatever their
// metadata say.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** The names of `files`, by what codes their pictures. */
export function twins(files) {
  const photos = new Map();
  for (const file of files) {
    const digest = createHash("sha256").update(codes(readFileSync(file))).digest("hex");
    photos.set(digest, [...(photos.get(digest) ?? []), file]);
  }
  return [...photos.values()];
}

/** As far as the tests' own files go: whole scans of JPEGs, IDAT of PNGs, picture chunks of WebPs. */
function codes(bytes) {
  if (bytes.readUInt16BE(0) === 0xffd8) return bytes.subarray(firstScan(bytes));
  if (bytes.toString("latin1", 1, 4) === "PNG") return chunks(bytes, 8, false, ["IDAT"]);
  if (bytes.toString("latin1", 8, 12) === "WEBP") return chunks(bytes, 12, true, ["VP8 ", "VP8L", "ALPH", "ANMF"]);
  return bytes;
}

function firstScan(bytes) {
  let at = 2;
  while (bytes[at + 1] !== 0xda) at += 2 + bytes.readUInt16BE(at + 2);
  return at;
}

function chunks(bytes, start, isRiff, kinds) {
  const found = [];
  for (let at = start; at + 8 <= bytes.length; ) {
    const kind = bytes.toString("latin1", isRiff ? at : at + 4, isRiff ? at + 4 : at + 8);
    const length = isRiff ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at);
    if (kinds.includes(kind)) found.push(bytes.subarray(at + 8, at + 8 + length));
    at += isRiff ? 8 + length + (length & 1) : 12 + length;
  }
  return Buffer.concat(found);
}
