// What the tests drop on the page.

import { deflateSync } from "node:zlib";

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

/** A PNG that promises `width` × `height` pixels and has a few bytes of them. */
function pngHeader(width, height) {
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.alloc(1000));
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
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
