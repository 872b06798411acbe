// Pictures that tests make: small PNGs, each another one, so that a library has as many photos as it
// takes.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";

/** As many files for the page's input, `first` and on, each with pixels of its own. */
export function manyPictures(count, first = 0) {
  return Array.from({ length: count }, (_, index) => ({
    name: `picture-${String(first + index).padStart(4, "0")}.png`,
    mimeType: "image/png",
    buffer: picture(first + index),
  }));
}

/** The same as paths of files, as a user has them: what is handed over as bytes the page has to decode. */
export function onDisk(pictures) {
  const folder = mkdtempSync(join(tmpdir(), "tagsight-pictures-"));
  process.on("exit", () => rmSync(folder, { recursive: true }));
  return pictures.map(({ name, buffer }) => {
    const path = join(folder, name);
    writeFileSync(path, buffer);
    return path;
  });
}

/** A PNG of 48 × 36 pixels whose colours are those of `number`. */
function picture(number) {
  const [width, height] = [48, 36];
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      rows[at] = (number * 37 + x * 4) & 255;
      rows[at + 1] = (number * 11 + y * 6) & 255;
      rows[at + 2] = (number >> 3) & 255;
    }
  }
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.set([8, 2, 0, 0, 0], 8);
  return png(size, deflateSync(rows));
}

/** A PNG that promises `width` × `height` pixels and has a few bytes of them. */
export function pngHeader(width, height) {
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.set([8, 2, 0, 0, 0], 8);
  return png(size, deflateSync(Buffer.alloc(1000)));
}

function png(size, pixels) {
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk("IHDR", size), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** PNG's checksum (ISO 3309), bit by bit; Node has its own only from 20.15 on. */
export function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
