// What decodes PNG and WebP: it comes with the first photo that is one, and can be asked for again.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { serve } from "../browser/serve.mjs";
import { cards, closeClean, hook, openReady, settled, tag, tagRight } from "./page.mjs";
import { pngHeader } from "./pictures.mjs";

const MODULE = "/decoders/tagsight-decoders-module_bg.wasm";
const SCRIPT = "/decoders/tagsight-decoders-module.js";

const ofKind = (expected, kind) => expected.filter(({ photo }) => photo.endsWith(kind));

/** Nobody downloads it for JPEGs, whatever their colours; a PNG and then a WebP bring it once. */
export async function comesWithItsPhotos(browser, origin, expected) {
  const page = await openReady(browser, origin);
  const loads = [];
  page.on("request", (request) => {
    if (request.url().endsWith(MODULE)) loads.push(request.url());
  });
  await tagRight(page, ofKind(expected, "display_p3.jpg"));
  await tagRight(page, ofKind(expected, ".jpg").slice(-5));
  assert.deepEqual(loads, [], "JPEGs do without it");
  await tagRight(page, ofKind(expected, ".png").slice(0, 2));
  assert.equal(loads.length, 1, "the first PNG brings it");
  await tagRight(page, ofKind(expected, ".webp"));
  assert.equal(loads.length, 1, "it is there by then");
  await closeClean(page);
}

/** Where it does not come, or is none, only its photos fail; trying again is enough. */
export async function canBeAskedForAgain(browser, site, expected) {
  // For all who ask: what is no module is fetched once more at once, and the service worker wants it too.
  let isBroken = true;
  const flaky = await serve({ "/": site }, (path) =>
    path === MODULE && isBroken ? "no module" : undefined,
  );
  const page = await openReady(browser, flaky.origin);
  const [png, jpeg] = [".png", ".jpg"].map((kind) => ofKind(expected, kind)[0]);
  await tag(page, [png.photo, jpeg.photo]);
  const [failed, done] = await cards(page);
  assert.equal(failed.state, "failed");
  assert.match(failed.text, /could not be downloaded.*try again/);
  assert.equal(done.state, "done", "a JPEG needs none of it");
  isBroken = false;
  await page.locator("summary.failure").click();
  await page.click(hook("batch-retry"));
  await settled(page, 2);
  const [card] = await cards(page);
  assert.equal(card.state, "done", card.text);
  assert.deepEqual(card.scores.map(Math.fround), Object.values(png.scores).map(Math.fround));
  await closeClean(page);
  flaky.close();
}

/** A trap in it ends the worker, which takes one photo along; the next worker starts the module anew. */
export async function endsWithOnePhoto(browser, site, expected) {
  const wrong = { name: "wrong.png", mimeType: "image/png", buffer: pngHeader(8, 8) };
  const right = SCRIPT.replace("decoders-module", "decoders-as-built");
  const trapping = `
    import * as built from "${right}";
    export * from "${right}";
    export { default } from "${right}";
    export function decode(photo, ...rest) {
      if (photo.length === ${wrong.buffer.length}) throw new WebAssembly.RuntimeError("unreachable");
      return built.decode(photo, ...rest);
    }`;
  const replaced = { [SCRIPT]: trapping, [right]: readFileSync(join(site, SCRIPT)) };
  const trapped = await serve({ "/": site }, (path) => replaced[path]);
  const page = await openReady(browser, trapped.origin);
  await tag(page, [wrong]);
  await tagRight(page, ofKind(expected, ".png").slice(0, 1));
  const failed = (await cards(page)).find(({ name }) => name === wrong.name);
  assert.equal(failed.state, "failed");
  assert.match(failed.text, /crashed on this photo/);
  await page.context().close();
  trapped.close();
}
