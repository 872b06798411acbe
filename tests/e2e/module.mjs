// The module for other pages, from its package's folder: the example page, and what the module promises.
//
//   module.mjs PACKAGE EXPECTED.jsonl chromium|firefox
//
// EXPECTED is what `trainer tag --json` wrote about the photos to use, with the package's model; the first has
// a tag, and all are read by the tagger itself.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { launch } from "../browser/chromium.mjs";
import { launchFirefox } from "../browser/firefox.mjs";
import { serve } from "../browser/serve.mjs";
import { check, finish } from "./check.mjs";
import { readLines } from "./models.mjs";
import { open } from "./page.mjs";

const [folder, expectedFile, name] = process.argv.slice(2);
const expected = readLines(expectedFile);
const [model] = readdirSync(join(folder, "models"));
const card = JSON.parse(readFileSync(join(folder, "models", model, "card.json"), "utf8"));
const altered = { ...card, file: `../${model}/model.safetensors`, sha256: "0".repeat(64) };
/** The module is not at the site's root. */
const server = await serve({ "/some/lib/": folder }, (path) => {
  if (path === "/some/lib/models/altered/card.json") return JSON.stringify(altered);
  if (path === "/some/lib/models/other/card.json") return "{}";
  // Browsers ask for it of themselves.
  if (path === "/favicon.ico") return "";
  const photo = path.match(/^\/photos\/(\d+)$/);
  return photo ? readFileSync(expected[photo[1]].photo) : undefined;
});
const EXAMPLE = "some/lib/example/index.html";
const { page, end } = await { chromium: inChromium, firefox: inFirefox }[name]();

check(`${page.version}: the example tags photos and shows where`, example);
check(`${page.version}: scores are those of trainer tag, tags those of its rule`, likeNatively);
check(`${page.version}: pixels are taken as they are`, pixels);
check(`${page.version}: maps belong to the scores`, maps);
check(`${page.version}: nothing to complain about`, () => assert.deepEqual(page.complaints, []));
check(`${page.version}: what is wrong is said, and harms no other photo`, refusals);
check(`${page.version}: calls are answered in order, and not after closing`, inOrder);
// Each goes on where the one before ended.
await finish(1, end);

async function inChromium() {
  const browser = await launch();
  const page = await open(browser, server.origin, EXAMPLE);
  page.version = `Chromium ${browser.version()}`;
  return { page, end: () => browser.close() };
}

async function inFirefox() {
  const page = await launchFirefox();
  await page.goto(`${server.origin}/${EXAMPLE}`);
  return { page, end: () => page.close() };
}

/** Runs `work` in the page with the module, a tagger, and an argument. */
function withTagger(work, argument) {
  const run = `async ([argument, model]) => {
    const module = await import("/some/lib/tagsight.js");
    globalThis.tagger ??= await module.Tagger.load("/some/lib/models/" + model);
    const photo = async (index) => (await fetch("/photos/" + index)).blob();
    return (${work})({ ...module, tagger, photo, argument });
  }`;
  // Playwright takes a text for an expression.
  if (name === "chromium") return page.evaluate(`(${run})(${JSON.stringify([argument, model])})`);
  return page.evaluate(run, [argument, model]);
}

async function example(say) {
  await page.waitForFunction(() => !document.querySelector("input").disabled);
  say(await page.evaluate(() => document.querySelector("[role=status]").textContent));
  await page.setInputFiles("input", expected.map(({ photo }) => photo));
  await page.waitForFunction(
    (count) => document.querySelectorAll("li[data-state=done]").length === count,
    expected.length,
  );
  const items = await page.evaluate(() =>
    [...document.querySelectorAll("li")].map((item) => ({
      text: item.textContent,
      pictures: item.querySelectorAll("img").length,
    })),
  );
  for (const [index, { photo, tags }] of expected.entries()) {
    const wanted = tags.map(({ label, score }) => `${label} ${Math.round(100 * score)} %`).join(", ");
    assert.ok(items[index].text.startsWith(`${basename(photo)}: ${wanted || "nothing sure"}`), items[index].text);
    assert.equal(items[index].pictures, tags.length ? 1 : 0, photo);
  }
}

async function likeNatively(say) {
  for (const [index, { photo, scores, tags }] of expected.entries()) {
    const here = await withTagger(
      async ({ tagger, photo, argument }) => ({
        scores: await tagger.scores(await photo(argument)),
        tags: await tagger.tag(await photo(argument)),
        engine: tagger.engine,
      }),
      index,
    );
    // Both sides print the shortest decimal of the same f32, or of the f64 that it is.
    assert.deepEqual(Object.keys(here.scores), Object.keys(scores), photo);
    const rounded = (scores) => Object.values(scores).map(Math.fround);
    assert.deepEqual(rounded(here.scores), rounded(scores), photo);
    assert.deepEqual(here.tags.map(({ label }) => label), tags.map(({ label }) => label), photo);
    if (index === 0) say(`by ${here.engine}`);
  }
}

async function pixels() {
  const { ofFile, ofData, ofBitmap, other } = await withTagger(async ({ tagger, photo }) => {
    const bitmap = await createImageBitmap(await photo(0));
    const canvas = new OffscreenCanvas(300, 200);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0, 300, 200);
    const png = await canvas.convertToBlob({ type: "image/png" });
    return {
      ofFile: await tagger.scores(png),
      ofData: await tagger.scores(context.getImageData(0, 0, 300, 200)),
      ofBitmap: await tagger.scores(await createImageBitmap(canvas)),
      other: await tagger.scores(new ImageData(300, 200)),
    };
  });
  assert.deepEqual(ofData, ofFile);
  assert.deepEqual(ofBitmap, ofFile);
  assert.notDeepEqual(other, ofFile);
}

async function maps() {
  const [{ tags }] = expected;
  const { map, score } = await withTagger(
    async ({ tagger, photo, argument }) => {
      const { shares, picture, ...map } = await tagger.heatmap(await photo(0), argument);
      const bitmap = picture && (await createImageBitmap(picture));
      const size = bitmap && [bitmap.width, bitmap.height];
      return { map: { ...map, shares: [...shares], size }, score: (await tagger.scores(await photo(0)))[argument] };
    },
    tags[0].label,
  );
  assert.equal(map.score, score);
  assert.equal(map.shares.length, map.columns * map.rows);
  const largest = map.shares.indexOf(Math.max(...map.shares));
  assert.ok(map.shares[largest] > 0);
  assert.deepEqual(map.peak, [((largest % map.columns) + 0.5) / map.columns, (Math.floor(largest / map.columns) + 0.5) / map.rows]);
  const [x, y] = map.peak.map((part) => Math.floor(part * 3));
  const place = [["upper left", "upper middle", "upper right"], ["left", "centre", "right"], ["lower left", "lower middle", "lower right"]][y][x];
  assert.equal(map.place, place);
  assert.ok(map.size[0] > 0 && map.size[1] > 0);
}

async function refusals() {
  const { codes, types, after } = await withTagger(async ({ Tagger, TagsightError, tagger, photo, argument }) => {
    const code = (work) => work.then(() => "none", (error) => (error instanceof TagsightError ? error.code : error.name));
    const good = await photo(0);
    const codes = [
      await code(tagger.tag(new Blob(["Dear diary"]))),
      await code(tagger.tag(new Blob([]))),
      await code(tagger.scores(good.slice(0, good.size / 3))),
      await code(Tagger.load("/some/lib/models/nothing/")),
      await code(Tagger.load("/some/lib/models/other/")),
      await code(Tagger.load("/some/lib/models/altered/card.json")),
    ];
    const types = [
      await code(tagger.tag("a.jpg")),
      await code(tagger.tag(good, { step: "certain" })),
      await code(tagger.heatmap(good, "unicorn")),
      await code(Tagger.load(`/some/lib/models/${argument}`, { engine: "abacus" })),
    ];
    return { codes, types, after: (await tagger.tag(good)).map(({ label }) => label) };
  }, model);
  assert.deepEqual(codes, ["not-a-photo", "empty", "damaged", "missing", "unusable", "altered"]);
  assert.deepEqual(types, ["TypeError", "TypeError", "TypeError", "TypeError"]);
  assert.deepEqual(after, expected[0].tags.map(({ label }) => label));
}

async function inOrder() {
  const { order, codes } = await withTagger(async ({ Tagger, tagger, photo, argument }) => {
    const [first, second] = [await photo(0), await photo(1)];
    const order = [];
    const calls = [first, second, first].map((photo, at) => tagger.scores(photo).then(() => order.push(at)));
    await Promise.all(calls);
    const simd = await Tagger.load(`/some/lib/models/${argument}`, { engine: "wasm-simd" });
    const code = (work) => work.then(() => "none", (error) => error.code);
    const pending = [code(simd.tag(first)), code(simd.tag(second))];
    simd.close();
    return { order, codes: [...(await Promise.all(pending)), await code(simd.tag(first))] };
  }, model);
  assert.deepEqual(order, [0, 1, 2]);
  assert.deepEqual(codes, ["closed", "closed", "closed"]);
}
