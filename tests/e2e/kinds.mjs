// Kinds that the browser decodes, and photos that have to stand as the network saw them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cards, tag } from "./page.mjs";

const fixture = (name) => fileURLToPath(new URL(`../fixtures/photos/${name}`, import.meta.url));
/** Mean levels between two thumbnails of one picture: encodings differ, and edges are smoothed. */
const SAME_LOOK = 10;

/** What core does not decode gets tags all the same, and the photo's view says whose decoder it was. */
export async function browserDecodes(page) {
  const names = ["rgb.png", "windows.bmp", "palette.gif", "animated.gif", "lossy.avif"];
  await tag(page, names.map(fixture));
  const [png, ...others] = await cards(page);
  assert.equal(png.decoder, "own");
  assert.doesNotMatch(await facts(page, png.name), /The browser/);
  for (const { name, state, decoder, text } of others) {
    assert.equal(state, "done", `${name}: ${text}`);
    assert.equal(decoder, "browser", name);
    assert.match(await facts(page, name), /Decoded by\s*The browser/, name);
  }
  assert.deepEqual(others[0].scores, png.scores, "a bitmap has the very pixels of the PNG");
}

/**
 * The same picture, stored turned in each of EXIF's ways and in one that Chromium does not read: as
 * thumbnails, which are made of what the network saw, and as files, which the styles turn.
 */
export async function photosStandAsTagged(page) {
  const turned = [1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => `orientation${orientation}.jpg`);
  const files = turned.map((name) => ({ name, mimeType: "image/jpeg", buffer: readFileSync(fixture(name)) }));
  await tag(page, files);
  await lookAlike(page, files);
  // It is one photo with orientation6.jpg, so it comes in its place.
  const long = { ...files[5], name: "long.jpg", buffer: withLongOrientation(files[5].buffer) };
  await tag(page, [long]);
  await lookAlike(page, [files[0], long]);
  // The negative control: unturned it does look different.
  const lying = await ofFile(page, files[7].name, (image) => { image.dataset.orientation = "1"; });
  const off = difference(await ofFile(page, files[0].name), lying);
  assert.ok(off > 2 * SAME_LOOK, `lying it looks the same: ${off}`);
}

async function lookAlike(page, files) {
  for (const look of [ofTile, ofFile]) {
    const looks = [];
    for (const { name } of files) looks.push(await look(page, name));
    for (const [index, { name }] of files.entries()) {
      const off = difference(looks[0], looks[index]);
      assert.ok(off <= SAME_LOOK, `${name} stands otherwise than the network saw it: ${off}`);
    }
  }
}

/** The file with its orientation as LONG instead of SHORT, in whichever byte order it is. */
function withLongOrientation(jpeg) {
  const little = [Buffer.from([0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0]), Buffer.from([0x12, 1, 4, 0, 1, 0, 0, 0, 6, 0])];
  const big = [Buffer.from([1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]), Buffer.from([1, 0x12, 0, 4, 0, 0, 0, 1, 0, 0, 0, 6])];
  for (const [short, long] of [little, big]) {
    const at = jpeg.indexOf(short);
    if (at >= 0) return Buffer.concat([jpeg.subarray(0, at), long, jpeg.subarray(at + long.length)]);
  }
  throw new Error("the fixture has no orientation");
}

/** A card's thumbnail as it is painted. */
async function ofTile(page, name) {
  const card = page.locator(`[data-testid=photo-card][data-name="${name}"]`);
  await card.scrollIntoViewIfNeeded();
  return look(page, card.locator(".thumbnail"));
}

/** A photo as the detail view shows it, after `change`. */
function ofFile(page, name, change = () => {}) {
  return inDetail(page, name, async (detail) => {
    const picture = detail.locator(".picture");
    await picture.locator("img").evaluate(change);
    return look(page, picture);
  });
}

/** What the detail view says of a photo beside its tags. */
function facts(page, name) {
  return inDetail(page, name, (detail) => detail.locator(".facts").innerText());
}

/** Looks at a photo's detail view, which is open only meanwhile. */
async function inDetail(page, name, look) {
  await page.locator(`[data-testid=photo-card][data-name="${name}"]`).click();
  const detail = page.locator("[data-testid=photo-detail]");
  const seen = await look(detail);
  await page.click("[data-testid=detail-close]");
  await detail.waitFor({ state: "detached" });
  return seen;
}

/** What is painted there, as a few pixels. */
async function look(page, place) {
  await place.locator("img").evaluate((image) => image.decode());
  const shot = (await place.screenshot()).toString("base64");
  return page.evaluate(async (shot) => {
    const bytes = Uint8Array.from(atob(shot), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(12, 9).getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, 12, 9);
    return [...context.getImageData(0, 0, 12, 9).data];
  }, shot);
}

function difference(left, right) {
  const sum = left.reduce((sum, value, index) => sum + Math.abs(value - right[index]), 0);
  return (sum / left.length) * (4 / 3); // the fourth channel is always full
}
