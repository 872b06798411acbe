// What the tests drop on the page.

import { pngHeader } from "./pictures.mjs";

/** Files that must fail, each alone, and a word that the message must have. */
export function badFiles(goodJpeg) {
  return [
    { name: "truncated.jpg", buffer: goodJpeg.subarray(0, goodJpeg.length / 3), says: /damaged/ },
    { name: "empty.jpg", buffer: Buffer.alloc(0), says: /empty/ },
    { name: "letter.jpg", buffer: Buffer.from("Dear diary"), says: /not a JPEG, PNG or WebP/ },
    { name: "huge.png", buffer: pngHeader(20000, 20000), says: /too large/ },
    { name: "line.png", buffer: pngHeader(60_000_000, 1), says: /too long/ },
    { name: "phone.heic", buffer: Buffer.from("\0\0\0\x18ftypheic\0\0\0\0"), says: /HEIC.*JPEG/ },
    { name: "camera.cr3", buffer: Buffer.from("\0\0\0\x18ftypcrx \0\0\0\x01crx isom"), says: /CR3/ },
    { name: "cut.gif", buffer: Buffer.from("GIF89a\x28\0\x18\0"), says: /GIF/ },
  ];
}

/**
 * A grey baseline JPEG, 4:2:0 in the standard's tables: four bytes hold a unit of 16 × 16 pixels that
 * are like those before (T.81, tables K.3 to K.6).
 */
export function greyJpeg(width, height) {
  const sides = [height >> 8, height & 255, width >> 8, width & 255];
  const header = [
    [0xff, 0xd8, 0xff, 0xdb, 0, 67, 0, ...Array(64).fill(16)],
    [0xff, 0xc0, 0, 17, 8, ...sides, 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0],
    [0xff, 0xda, 0, 12, 3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0],
  ];
  const units = Math.ceil(width / 16) * Math.ceil(height / 16);
  const unit = Buffer.from([0b00101000, 0b10100010, 0b10001010, 0b00000000]);
  const end = Buffer.from([0xff, 0xd9]);
  return Buffer.concat([Buffer.from(header.flat()), Buffer.alloc(4 * units, unit), end]);
}
