// End to end in Chromium, on the built site.
//
//   run.mjs SITE EXPECTED.jsonl SECOND SCREENSHOTS [ANNOTATIONS]
//
// EXPECTED is what `trainer tag --json` wrote about the photos to use. SECOND is the folder of
// another model, with its expected.jsonl; some tests add it to the site's. ANNOTATIONS, COCO's
// instances_*.json, says what is on the photos.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { launch } from "../browser/chromium.mjs";
import { serve } from "../browser/serve.mjs";
import { auditAccessibility } from "./accessibility.mjs";
import { twoBuilds } from "./builds.mjs";
import { SOME, check, finish } from "./check.mjs";
import { canBeAskedForAgain, comesWithItsPhotos, endsWithOnePhoto } from "./decoders.mjs";
import { speaksBothLanguages } from "./language.mjs";
import { readLines, withSecondModel } from "./models.mjs";
import {
  cards,
  chooseModel,
  chosenModel,
  closeClean,
  engine,
  errorShown,
  errorText,
  modelState,
  open,
  openReady,
  settled,
  tag,
  tagRight,
  wasmBytes,
} from "./page.mjs";
import { browserDecodes, photosStandAsTagged } from "./kinds.mjs";
import { badFiles, greyJpeg } from "./photos.mjs";
import {
  areDoneWithout,
  endWithTheirPage,
  giveTheSameScores,
  needIsolation,
} from "./threads.mjs";
import { twins } from "./twins.mjs";

const [site, expectedFile, second, screenshots, annotations] = process.argv.slice(2);
const expected = readLines(expectedFile);
const photos = expected.map(({ photo }) => photo);
const ENGINES = ["wasm-simd", "wasm-relaxed"];
const SOAK_PHOTOS = 200;
/** By then every size of photo has been decoded at least once. */
const SETTLED_PHOTOS = 60;
/** Of the tags that the usual thresholds give, four of five are to be right; some photos are hard. */
const LEAST_PRECISION = 0.7;
const PHONE = { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2, isMobile: true };

const browser = await launch();
const server = await serve({ "/": site });
const manifest = JSON.parse(readFileSync(join(site, "models/manifest.json"), "utf8"));
const usual = manifest.models.find((model) => model.default);
const two = await withSecondModel(site, second, manifest);

for (const name of ENGINES) {
  check(`${name}: photos get the scores that trainer tag gives`, () => sameScores(name));
  check(`${name}: bad files fail alone`, () => badFilesFailAlone(name));
}
check("threads, 1 to 4: photos get the scores that trainer tag gives", (say) =>
  giveTheSameScores(browser, site, expected, say),
);
check("threads are there where the page is isolated", () => needIsolation(browser, site, expected));
check("threads end with their page", () => endWithTheirPage(browser, site));
check("threads that do not come are done without", () => areDoneWithout(browser, site, expected));
check("PNG and WebP bring their decoders", () => comesWithItsPhotos(browser, server.origin, expected));
check("decoders that do not come can be asked for again", () => canBeAskedForAgain(browser, site, expected));
check("decoders that crash take one photo with them", () => endsWithOnePhoto(browser, site, expected));
check("the browser decodes what core does not", () => onPage(browserDecodes));
check("photos stand as the network saw them", () => onPage(photosStandAsTagged));
if (annotations) check("tags are on the photos", tagsAreRight);
check("an altered model is refused", alteredModel);
check("a missing model is named, with those that there are", missingModel);
check("another model takes over what is queued", anotherModel);
check("the chosen model is remembered", chosenModelIsRemembered);
check("a page that may store nothing works", nothingStored);
check("a list of models that does not come can be asked for again", listFails);
check("the page speaks Korean and English", () =>
  speaksBothLanguages(browser, server.origin, readFileSync(photos.find((photo) => photo.endsWith(".jpg")))),
);
check("parts of two builds end in one reload", () => twoBuilds(browser, site));
check(`memory stays the same over ${SOAK_PHOTOS} photos`, memoryIsBounded);
check("a phone's photos take the memory that is stated", phonesPhotos);
check("the benchmark page answers", benchmarkPage);
for (const colorScheme of ["light", "dark"]) {
  check(`accessible and on the screen, ${colorScheme}`, () => accessible(colorScheme));
}
await finish(SOME, () => browser.close());

function ready(query, options) {
  return openReady(browser, server.origin, query, options);
}

/** Something on a page of its own, that must not do anything wrong. */
async function onPage(test) {
  const page = await ready("");
  await test(page);
  await closeClean(page);
}

async function sameScores(name) {
  const page = await ready(`?engine=${name}`);
  assert.equal(await engine(page), name);
  const shown = await tagRight(page, expected);
  // The negative control: other photos have other scores. Some of the tests' own pictures are one
  // picture in several encodings, so no particular two can be asked to differ.
  const different = new Set(shown.map(({ scores }) => JSON.stringify(scores)));
  assert.ok(different.size > 1, "all photos have the same scores");
  await closeClean(page);
}

async function badFilesFailAlone(name) {
  const jpeg = photos.find((photo) => photo.endsWith(".jpg"));
  const bad = badFiles(readFileSync(jpeg));
  const page = await ready(`?engine=${name}`);
  const files = bad.map(({ name, buffer }) => ({ name, buffer, mimeType: "image/jpeg" }));
  const good = { name: "good.jpg", buffer: readFileSync(jpeg), mimeType: "image/jpeg" };
  await tag(page, [...files, good]);
  const shown = await cards(page);
  for (const [index, { name, says }] of bad.entries()) {
    assert.equal(shown[index].state, "failed", name);
    assert.match(shown[index].text, says, name);
  }
  assert.equal(shown.at(-1).state, "done", "the photo after the bad ones");
  assert.equal(await errorShown(page), false, "a bad file is no error of the page");
  await page.context().close();
}

async function tagsAreRight(say) {
  const truth = labelsByFile(JSON.parse(readFileSync(annotations, "utf8")));
  const page = await ready("");
  const known = photos.filter((photo) => truth.has(basename(photo)));
  assert.ok(known.length >= 20, "annotated photos");
  await tag(page, known);
  let [given, right, tagged] = [0, 0, 0];
  for (const { name, tags } of await cards(page)) {
    given += tags.length;
    right += tags.filter(({ label }) => truth.get(name).has(label)).length;
    tagged += tags.some(({ label }) => truth.get(name).has(label));
  }
  say(`${right} of ${given} tags are annotated; ${tagged} of ${known.length} photos have one`);
  assert.ok(right >= LEAST_PRECISION * given, `${right} of ${given} tags are right`);
  assert.ok(tagged >= 0.7 * known.length, `${tagged} of ${known.length} photos have a right tag`);
  await closeClean(page);
}

/** File name → labels on the photo. */
function labelsByFile({ images, annotations, categories }) {
  const names = new Map(categories.map(({ id, name }) => [id, name]));
  const files = new Map(images.map(({ id, file_name }) => [id, file_name]));
  const labels = new Map([...files.values()].map((file) => [file, new Set()]));
  for (const { image_id, category_id } of annotations) {
    labels.get(files.get(image_id))?.add(names.get(category_id));
  }
  return labels;
}

async function alteredModel() {
  const altered = readFileSync(join(site, "models", usual.file));
  altered[altered.length >> 1] ^= 1;
  const forged = await serve({ "/": site }, (path) =>
    path === `/models/${usual.file}` ? altered : undefined,
  );
  const page = await open(browser, forged.origin, "");
  assert.equal(await modelState(page, "ready", "failed"), "failed");
  assert.equal(await errorShown(page), true);
  await page.setInputFiles("[data-testid=photo-input]", photos.slice(0, 2));
  await page.waitForTimeout(1000);
  const states = (await cards(page)).map(({ state }) => state);
  assert.ok(!states.includes("done"), `nothing is tagged: ${states}`);
  await page.context().close();
  forged.close();
}

async function missingModel() {
  const page = await open(browser, two.origin, "?model=absent");
  assert.equal(await modelState(page, "ready", "missing", "failed"), "missing");
  const message = await errorText(page);
  for (const name of ["absent", usual.name, two.name]) assert.ok(message.includes(name), message);
  assert.equal(await chosenModel(page), "");
  await page.screenshot({ path: join(screenshots, "missing-model.png") });
  // The way on.
  await page.setInputFiles("[data-testid=photo-input]", photos[0]);
  await chooseModel(page, two.name);
  assert.equal(await modelState(page, "ready", "failed"), "ready");
  await settled(page, 1);
  assert.deepEqual((await cards(page)).map(({ model }) => model), [two.name]);
  assert.equal(await errorShown(page), false);
  await page.context().close();

  const benchmark = await open(browser, two.origin, "benchmark.html?model=absent");
  assert.ok((await errorText(benchmark)).includes(two.name));
  await benchmark.context().close();
}

async function anotherModel() {
  const page = await openReady(browser, two.origin, "");
  assert.equal(await chosenModel(page), usual.name);
  // No two of them are one photo.
  const apart = twins(photos).map((files) => files.at(-1));
  await tag(page, apart.slice(0, 2));
  await page.setInputFiles("[data-testid=photo-input]", apart.slice(2));
  await chooseModel(page, two.name);
  await settled(page, apart.length);
  assert.equal(await modelState(page, "ready", "failed"), "ready");
  const ofSecond = readLines(join(second, "expected.jsonl"));
  const shown = new Map((await cards(page)).map((card) => [card.name, card]));
  const switched = [...shown.values()].filter(({ model }) => model === two.name).length;
  // Between the two calls some of the queue may have been done.
  assert.ok(switched >= apart.length / 2, `${switched} of ${apart.length} by the new model`);
  for (const [index, photo] of apart.entries()) {
    const { state, model, scores, text } = shown.get(basename(photo));
    assert.equal(state, "done", text);
    if (index < 2) assert.equal(model, usual.name, "what was done keeps its tags");
    const of = model === two.name ? ofSecond : expected;
    const wanted = of.find((line) => line.photo === photo);
    assert.deepEqual(scores.map(Math.fround), Object.values(wanted.scores).map(Math.fround), photo);
  }
  await closeClean(page);
}

async function chosenModelIsRemembered() {
  const page = await open(browser, two.origin, "");
  await modelState(page, "ready");
  // By keyboard alone.
  await page.focus("[data-testid=settings-open]");
  await page.keyboard.press("Enter");
  await page.focus("[data-testid=model-select]");
  await page.keyboard.press("End");
  const focused = () => page.evaluate(() => document.activeElement.dataset.testid);
  assert.equal(await focused(), "model-select", "the choice keeps the focus");
  await modelState(page, "ready");
  assert.equal(await focused(), "model-select");
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "settings-open", "the focus comes back");
  assert.equal(await chosenModel(page), two.name);
  await page.reload();
  await modelState(page, "ready");
  assert.equal(await chosenModel(page), two.name);
  await page.goto(`${two.origin}/?model=${usual.name}`);
  await modelState(page, "ready");
  assert.equal(await chosenModel(page), usual.name, "the address goes before");
  await closeClean(page);
  // The same site after the model is gone; every server here has an origin of its own, so the
  // memory is put there by hand.
  const later = await open(browser, server.origin, "");
  await later.evaluate(() => localStorage.setItem("tagsight.model", "gone"));
  await later.reload();
  assert.equal(await modelState(later, "ready", "missing", "failed"), "ready");
  assert.equal(await chosenModel(later), usual.name);
  await closeClean(later);
}

async function nothingStored() {
  const page = await open(browser, two.origin, "", {}, () => {
    const refuse = () => {
      throw new DOMException("storage is forbidden", "SecurityError");
    };
    Object.defineProperty(globalThis, "localStorage", { get: refuse });
  });
  await modelState(page, "ready");
  await chooseModel(page, two.name);
  assert.equal(await modelState(page, "ready", "failed", "missing"), "ready");
  assert.equal(await chosenModel(page), two.name);
  await closeClean(page);
}

async function listFails() {
  let broken = true;
  const flaky = await serve({ "/": site }, (path) =>
    broken && path === "/models/manifest.json" ? "not JSON" : undefined,
  );
  const page = await open(browser, flaky.origin, "");
  assert.equal(await modelState(page, "ready", "missing", "failed"), "failed");
  assert.match(await errorText(page), /list of models/);
  broken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  assert.equal(await modelState(page, "ready"), "ready");
  await closeClean(page);
  flaky.close();
}

async function memoryIsBounded(say) {
  const page = await ready("");
  const batch = (count) => Array.from({ length: count }, (_, index) => photos[index % photos.length]);
  await tag(page, batch(SETTLED_PHOTOS));
  const settled = await wasmBytes(page);
  await tag(page, batch(SOAK_PHOTOS - SETTLED_PHOTOS));
  const finished = await wasmBytes(page);
  say(`${settled} bytes after ${SETTLED_PHOTOS} photos, ${finished} after ${SOAK_PHOTOS}`);
  assert.ok(settled > 0);
  assert.equal(finished, settled);
  await closeClean(page);
}

/** A worker's memory never shrinks, so it tells what was used at most. */
async function phonesPhotos(say) {
  const sizes = [[4032, 3024, 64e6], [16320, 12240, 200e6]];
  for (const [width, height, most] of sizes) {
    const page = await ready("");
    const before = await wasmBytes(page);
    const buffer = greyJpeg(width, height);
    await tag(page, [{ name: `${width}.jpg`, mimeType: "image/jpeg", buffer }]);
    assert.deepEqual((await cards(page)).map(({ state }) => state), ["done"]);
    const taken = (await wasmBytes(page)) - before - buffer.length;
    say(`${width} × ${height}: ${taken} bytes beside the file`);
    assert.ok(taken <= most, `${taken} bytes, ${most} are stated`);
    await closeClean(page);
  }
}

async function benchmarkPage() {
  const page = await open(browser, server.origin, "benchmark.html?engine=wasm-simd&auto=1");
  const text = await page.locator("[data-testid=bench-json]").textContent();
  const result = JSON.parse(text);
  assert.equal(result.engine, "wasm-simd");
  const parts = ["decode_median_ms", "squash_median_ms", "photo_median_ms"];
  for (const field of ["load_ms", "first_ms", "median_ms", "min_ms", ...parts]) {
    assert.ok(result[field] > 0, `${field}: ${text}`);
  }
  assert.ok(result.runs > 0 && result.min_ms <= result.median_ms, text);
  await closeClean(page);
}

async function accessible(colorScheme) {
  for (const [size, options] of Object.entries({ desktop: {}, phone: PHONE })) {
    const page = await open(browser, two.origin, "", { ...options, colorScheme });
    await modelState(page, "ready");
    await auditAccessibility(page, `empty, ${size}`);
    await page.screenshot({ path: join(screenshots, `empty-${size}-${colorScheme}.png`) });
    const bad = { name: "letter.jpg", buffer: Buffer.from("Dear diary"), mimeType: "image/jpeg" };
    await tag(page, photos.slice(0, 6).map(asFile).concat(bad));
    await auditAccessibility(page, `done, ${size}`);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.ok(overflow <= 0, `${size}: ${overflow} pixels wider than the screen`);
    await page.screenshot({ path: join(screenshots, `done-${size}-${colorScheme}.png`) });
    await page.context().close();

    const benchmark = await open(browser, two.origin, "benchmark.html", { ...options, colorScheme });
    await benchmark.locator("[data-testid=bench-run]:enabled").waitFor();
    await auditAccessibility(benchmark, `benchmark, ${size}`);
    await benchmark.screenshot({ path: join(screenshots, `benchmark-${size}-${colorScheme}.png`) });
    await benchmark.context().close();
  }
}

function asFile(path) {
  return { name: basename(path), buffer: readFileSync(path), mimeType: "image/jpeg" };
}
