// Tags that leave the page, and keywords that come into it, in Chromium on the built site.
//
//   export.mjs SITE SCREENSHOTS
//
// Its photos are drawings of our own. Folders of the origin's own file system stand in for the user's.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "../browser/chromium.mjs";
import { serve } from "../browser/serve.mjs";
import { auditAccessibility } from "./accessibility.mjs";
import { check, finish } from "./check.mjs";
import { get, list, put, standIns } from "./folders.mjs";
import { cards, closeClean, hook, openReady, reload, settled, tag } from "./page.mjs";
import { crc32, manyPictures } from "./pictures.mjs";
import { scenes } from "./scenes.mjs";
import { Stage } from "./stage.mjs";

const [site, screenshots] = process.argv.slice(2);
const MANY = 500;
const MANY_BYTES = 4 << 20;
/** What the page may grow by while it writes them, and what a garbage collector may leave lying. */
const GROWTH = 64 << 20;

const browser = await launch();
const all = await scenes(browser);
/** A drawing with tags, one with a Korean name, and one more. */
const photos = [
  { ...all[0], name: "stop-sign.jpg" },
  { ...all[1], name: "바다 시계.jpg" },
  { ...all[2], name: "kitchen.jpg" },
];
const server = await serve({ "/": site });

check("sidecars are written beside photos, seen before, and taken back", sidecars);
check("tags are written into photos in place, and come back as what people said", embedded);
check("an archive has the photos with their tags, under their Korean names", archived);
check("what fails is named, and nothing is lost", failures);
check("photos that are away are told, and have sidecars in an archive", away);
check("tags are a table and data", tables);
check("copies with tags are shared", shared);
check("keywords of a photo become tags of its file", imported);
check("tags are taken along without a network", withoutNetwork);
check("the whole job by keyboard alone", byKeyboard);
for (const language of ["en", "ko"]) {
  for (const colorScheme of ["light", "dark"]) {
    check(`accessible in every state, ${language}, ${colorScheme}`, () => accessible(language, colorScheme));
  }
}
check(`${MANY} photos are archived in bounded memory`, manyPhotos);
await finish(1, () => browser.close());

function ready(query = "", options = {}, prepare = standIns) {
  return openReady(browser, server.origin, query, options, prepare);
}

/** Opens the dialog and chooses. */
async function takeAlong(page, choices = {}) {
  await page.click(hook("take-along"));
  await page.waitForSelector(hook("export"));
  // Where to goes first: what else there is to choose depends on it.
  const order = ["to", "what", "into", "name", "words", "path"];
  for (const name of order.filter((name) => name in choices)) {
    await page.selectOption(hook(`export-${name}`), choices[name]);
  }
}

async function look(page, button = "export-look") {
  await page.click(hook(button));
  await page.waitForSelector(hook("export-cancel"), { state: "hidden" });
  return changes(page);
}

/** Begins and waits for the end; gives what is said then. */
async function start(page) {
  await page.click(hook("export-start"));
  const outcome = page.locator(hook("export-outcome")).filter({ hasText: /./ });
  await outcome.waitFor({ timeout: 120_000 });
  return outcome.textContent();
}

async function close(page) {
  await page.click(hook("export-close"));
  await page.waitForSelector(hook("export"), { state: "detached" });
}

/** The rows, by name. */
async function changes(page) {
  const rows = await page.$$eval(hook("export-change"), (rows) =>
    rows.map(({ dataset, textContent }) => [dataset.name, { state: dataset.state, text: textContent }]),
  );
  return Object.fromEntries(rows);
}

function tagsOf(page, name) {
  const tags = page.locator(hook("photo-card", `[data-name="${name}"]`)).locator(hook("tag"));
  return tags.evaluateAll((tags) => Object.fromEntries(tags.map(({ dataset }) => [dataset.label, dataset.source])));
}

async function addTag(page, name, word) {
  await page.click(hook("photo-card", `[data-name="${name}"]`));
  await page.fill(hook("tag-add"), word);
  await page.press(hook("tag-add"), "Enter");
  await page.click(hook("detail-close"));
  await page.waitForSelector(hook("photo-detail"), { state: "detached" });
}

/** What another program reads of a file: exiftool's names and values. */
function exif(buffer, name) {
  const folder = mkdtempSync(join(tmpdir(), "tagsight-"));
  try {
    const file = join(folder, name);
    writeFileSync(file, buffer);
    return JSON.parse(execFileSync("exiftool", ["-j", "-struct", file], { encoding: "utf8" }))[0];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function words(value) {
  return [value ?? []].flat();
}

/** What codes a JPEG's picture, as far as our own drawings go: from the first scan on. */
function codes(jpeg) {
  let at = 2;
  while (jpeg[at + 1] !== 0xda) at += 2 + jpeg.readUInt16BE(at + 2);
  return createHash("sha256").update(jpeg.subarray(at)).digest("hex");
}

async function sidecars() {
  const page = await ready();
  await tag(page, photos);
  await addTag(page, "kitchen.jpg", "할머니");
  const [first, second, third] = photos;
  const there = [
    { ...first, name: "photos/stop-sign.jpg" },
    // In a folder of its own, under another name: known by its picture.
    { ...second, name: "photos/여름/DSC_1.JPG" },
    { ...third, name: "photos/kitchen.jpg" },
    // Other pictures of the same and of other names.
    { ...all[3], name: "photos/여름/kitchen.jpg" },
    { ...all[4], name: "photos/other.jpg" },
    { buffer: Buffer.from("hello"), name: "photos/notes.txt" },
  ];
  await put(page, there);
  const before = await list(page, "photos");
  await page.evaluate(() => refuse(1));
  await takeAlong(page, { to: "folder", into: "sidecar", words: "both", path: "category" });
  assert.deepEqual(await look(page), {}, "who refuses a folder has chosen none");
  const rows = await look(page);
  assert.deepEqual(Object.keys(rows).sort(), ["kitchen.jpg", "stop-sign.jpg", "여름/DSC_1.JPG"]);
  assert.ok(Object.values(rows).every(({ state }) => state === "changed"), JSON.stringify(rows));
  assert.match(rows["stop-sign.jpg"].text, /dc:subject.*none→.*stop sign, outdoor, 정지 표지판, 야외/);
  assert.match(rows["stop-sign.jpg"].text, /lr:hierarchicalSubject.*outdoor\|stop sign/);
  assert.deepEqual(await list(page, "photos"), before, "nothing is written before it was seen");
  assert.match(await start(page), /Tags of 3 photos are written/);
  const added = ["kitchen.jpg.xmp", "stop-sign.jpg.xmp", "여름/DSC_1.JPG.xmp"];
  assert.deepEqual(await list(page, "photos"), [...before, ...added].sort());
  const sidecar = exif(await get(page, "photos/stop-sign.jpg.xmp"), "a.xmp");
  assert.deepEqual(words(sidecar.Subject), ["stop sign", "outdoor", "정지 표지판", "야외"]);
  assert.ok(words(sidecar.HierarchicalSubject).includes("outdoor|stop sign"));
  assert.deepEqual(words(exif(await get(page, "photos/kitchen.jpg.xmp"), "a.xmp").Subject).includes("할머니"), true);
  for (const { name, buffer } of there) assert.ok((await get(page, name)).equals(buffer), `${name} is as it was`);
  // Again there is nothing to do.
  const again = await look(page);
  assert.ok(Object.values(again).every(({ state }) => state === "unchanged"), JSON.stringify(again));
  assert.equal(await page.locator(hook("export-start")).isVisible(), false);
  // What was written is taken back; what the user said stays.
  const back = await look(page, "export-undo");
  assert.equal(back["stop-sign.jpg"].state, "changed");
  assert.match(await start(page), /Taken back from [23] photos/);
  assert.deepEqual(words(exif(await get(page, "photos/kitchen.jpg.xmp"), "a.xmp").Subject), ["할머니"]);
  const left = await list(page, "photos");
  if (left.includes("stop-sign.jpg.xmp")) {
    assert.equal(exif(await get(page, "photos/stop-sign.jpg.xmp"), "a.xmp").Subject, undefined);
  }
  // Choices are there again.
  await close(page);
  await takeAlong(page);
  for (const [name, value] of Object.entries({ to: "folder", into: "sidecar", words: "both", path: "category" })) {
    assert.equal(await page.inputValue(hook(`export-${name}`)), value);
  }
  // Adobe's names, but where two files would share one.
  await page.selectOption(hook("export-name"), "stem");
  await put(page, [{ ...first, name: "photos/stop-sign.mov" }]);
  await look(page);
  await start(page);
  const named = await list(page, "photos");
  assert.ok(named.includes("kitchen.xmp") && named.includes("stop-sign.jpg.xmp"), named.join());
  await close(page);
  await closeClean(page);
}

async function embedded() {
  const page = await ready();
  await tag(page, photos);
  await addTag(page, "kitchen.jpg", "할머니");
  await put(page, photos.map((photo) => ({ ...photo, name: `photos/${photo.name}` })));
  await takeAlong(page, { to: "folder", into: "embed", words: "ko", path: "leaf" });
  await look(page);
  assert.match(await start(page), /written/);
  assert.deepEqual(await list(page, "photos"), photos.map(({ name }) => name).sort(), "no sidecars");
  const written = [];
  for (const { name, buffer } of photos) {
    const now = await get(page, `photos/${name}`);
    assert.equal(codes(now), codes(buffer), `${name}: the picture is the same`);
    written.push({ name, buffer: now, mimeType: "image/jpeg" });
  }
  assert.deepEqual(words(exif(written[0].buffer, "a.jpg").Subject), ["정지 표지판"]);
  assert.ok(words(exif(written[2].buffer, "a.jpg").Subject).includes("할머니"));
  const again = await look(page);
  assert.ok(Object.values(again).every(({ state }) => state === "unchanged"), JSON.stringify(again));
  await close(page);
  // The page knows the new files: the photo is shown as it is.
  await page.click(hook("photo-card", '[data-name="stop-sign.jpg"]'));
  await page.waitForFunction(() => document.querySelector(".picture img")?.naturalWidth === 800);
  await page.click(hook("detail-close"));
  // Elsewhere, what the user said comes from the file, and what a machine said does not.
  const other = await ready();
  await tag(other, written);
  assert.equal((await tagsOf(other, "kitchen.jpg")).할머니, "file");
  assert.equal((await tagsOf(other, "stop-sign.jpg"))["stop sign"], "auto");
  await closeClean(other);
  await takeAlong(page);
  await look(page);
  await look(page, "export-undo");
  assert.match(await start(page), /Taken back/);
  assert.deepEqual(words(exif(await get(page, "photos/stop-sign.jpg"), "a.jpg").Subject), []);
  assert.deepEqual(words(exif(await get(page, "photos/kitchen.jpg"), "a.jpg").Subject), ["할머니"]);
  await close(page);
  await closeClean(page);
}

/** Names and contents of an archive, which has to be whole. */
function unpacked(buffer) {
  const folder = mkdtempSync(join(tmpdir(), "tagsight-"));
  const file = join(folder, "a.zip");
  writeFileSync(file, buffer);
  const unzip = (...options) => execFileSync("unzip", [...options, file], { encoding: "utf8", env: { ...process.env, LC_ALL: "C.UTF-8" } });
  assert.match(unzip("-t"), /No errors detected/);
  const names = execFileSync("zipinfo", ["-1", file], { encoding: "utf8", env: { ...process.env, LC_ALL: "C.UTF-8" } });
  const read = (name) => execFileSync("unzip", ["-p", file, name.replaceAll(/[[\]*?]/g, "?")], { maxBuffer: 1 << 30 });
  return { names: names.trim().split("\n"), read, tidy: () => rmSync(folder, { recursive: true, force: true }) };
}

async function savedArchive(page) {
  const [name] = (await list(page, "saved")).filter((name) => name.endsWith(".zip"));
  assert.match(name, /^tagsight-\d{4}-\d{2}-\d{2}\.zip$/);
  return unpacked(await get(page, `saved/${name}`));
}

async function archived() {
  const page = await ready();
  // Two photos of one name.
  await tag(page, [...photos, { ...all[3], name: "바다 시계.jpg" }]);
  await takeAlong(page, { to: "zip", into: "embed", words: "both" });
  await look(page);
  assert.match(await start(page), /is saved/);
  const zip = await savedArchive(page);
  assert.deepEqual(zip.names.toSorted(), ["kitchen.jpg", "stop-sign.jpg", "바다 시계 (2).jpg", "바다 시계.jpg"].toSorted());
  const stopSign = zip.read("stop-sign.jpg");
  assert.equal(codes(stopSign), codes(photos[0].buffer));
  assert.deepEqual(words(exif(stopSign, "a.jpg").Subject), ["stop sign", "정지 표지판"]);
  zip.tidy();
  for (const [into, wanted] of [
    ["sidecar", (names) => names.includes("stop-sign.jpg") && names.includes("stop-sign.jpg.xmp")],
    ["only", (names) => names.every((name) => name.endsWith(".jpg.xmp"))],
  ]) {
    await page.selectOption(hook("export-into"), into);
    await look(page);
    await start(page);
    const zip = await savedArchive(page);
    assert.ok(wanted(zip.names), zip.names.join());
    assert.deepEqual(words(exif(zip.read("stop-sign.jpg.xmp"), "a.xmp").Subject), ["stop sign", "정지 표지판"]);
    zip.tidy();
  }
  await close(page);
  await closeClean(page);
  // Browsers that ask for no place: through their own folder, and without one.
  for (const prepare of [withoutPicker, withoutFolders]) {
    const page = await ready("", { acceptDownloads: true }, prepare);
    await tag(page, photos.slice(0, 2));
    await takeAlong(page, { to: "zip", into: "embed", words: "en" });
    assert.equal(await page.locator(`${hook("export-to")} option[value=folder]`).count(), 0);
    await look(page);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(hook("export-start"))]);
    const zip = unpacked(readFileSync(await download.path()));
    assert.deepEqual(zip.names.toSorted(), ["stop-sign.jpg", "바다 시계.jpg"]);
    zip.tidy();
    await closeClean(page);
  }
}

function withoutPicker() {
  delete globalThis.showSaveFilePicker;
  delete globalThis.showDirectoryPicker;
}

function withoutFolders() {
  delete globalThis.showSaveFilePicker;
  delete globalThis.showDirectoryPicker;
  delete StorageManager.prototype.getDirectory;
}

async function failures() {
  const page = await ready();
  await tag(page, photos);
  await put(page, photos.map((photo) => ({ ...photo, name: `photos/${photo.name}` })));
  await takeAlong(page, { to: "folder", into: "embed", words: "en", path: "leaf" });
  await look(page);
  // The disk is full after the first bytes of every second file.
  await page.evaluate(() => {
    const { createWritable } = FileSystemFileHandle.prototype;
    FileSystemFileHandle.prototype.createWritable = async function (...options) {
      const writable = await createWritable.apply(this, options);
      if (this.name !== "stop-sign.jpg") return writable;
      const { write } = writable;
      let writes = 0;
      writable.write = (part) =>
        (writes += 1) > 1 ? Promise.reject(new DOMException("the disk is full", "QuotaExceededError")) : write.call(writable, part);
      return writable;
    };
  });
  const said = await start(page);
  assert.match(said, /1 could not be written and is as it was/);
  assert.match(said, /stop-sign\.jpg: the disk is full/);
  assert.ok((await get(page, "photos/stop-sign.jpg")).equals(photos[0].buffer), "it is as it was");
  assert.deepEqual(await list(page, "photos"), photos.map(({ name }) => name).sort(), "nothing is left over");
  // An archive that was ended early is none.
  await page.selectOption(hook("export-to"), "zip");
  await look(page);
  await page.evaluate(() => {
    const { arrayBuffer } = Blob.prototype;
    let reads = 0;
    Blob.prototype.arrayBuffer = async function () {
      if ((reads += 1) > 1) document.querySelector("[data-testid=export-cancel]").click();
      return arrayBuffer.call(this);
    };
  });
  assert.match(await start(page), /Nothing was saved/);
  assert.deepEqual(await list(page, "saved"), []);
  await close(page);
  // Another picture under the photo's name is not written into.
  await put(page, [{ ...all[5], name: "photos/stop-sign.jpg" }]);
  await page.reload();
  await page.waitForSelector(hook("photo-card"));
  await takeAlong(page, { to: "folder", into: "embed" });
  const rows = await look(page);
  assert.equal(rows["stop-sign.jpg"].state, "absent", JSON.stringify(rows));
  await close(page);
  assert.deepEqual(page.complaints.filter((complaint) => !complaint.includes("disk is full")), []);
  await page.context().close();
}

async function away() {
  const page = await ready();
  const withWords = { ...photos[2], buffer: withXmp(photos[2].buffer, ["바다", "grandma"]) };
  await tag(page, [photos[0], withWords]);
  assert.equal((await tagsOf(page, "kitchen.jpg")).바다, "file");
  await reload(page, 2);
  await takeAlong(page, { to: "zip", into: "embed", words: "en", path: "leaf" });
  const rows = await look(page);
  for (const { state, text } of Object.values(rows)) {
    assert.equal(state, "absent");
    assert.match(text, /Choose the photo again on the page/);
  }
  await start(page);
  const zip = await savedArchive(page);
  assert.deepEqual(zip.names.toSorted(), ["kitchen.jpg.xmp", "stop-sign.jpg.xmp"]);
  const said = words(exif(zip.read("kitchen.jpg.xmp"), "a.xmp").Subject);
  assert.ok(said.includes("바다") && said.includes("grandma"), said.join());
  zip.tidy();
  await close(page);
  await closeClean(page);
}

async function tables() {
  const page = await ready();
  await tag(page, photos);
  await addTag(page, "kitchen.jpg", "=1+1, \"할머니\"");
  // Only what a search shows.
  await page.fill(hook("search-input"), "stop");
  await takeAlong(page, { to: "csv", words: "both" });
  assert.equal(await page.inputValue(hook("export-what")), "shown");
  await start(page);
  const table = async (ending) => {
    const [name] = (await list(page, "saved")).filter((name) => name.endsWith(ending));
    return (await get(page, `saved/${name}`)).toString("utf8");
  };
  const few = await table(".csv");
  assert.equal(few.split("\r\n").length, 3, few);
  assert.match(few, /^\ufeffname,taken,tags,sources,scores\r\nstop-sign\.jpg,,stop sign \/ 정지 표지판,auto,0\.\d{4}\r\n$/);
  await page.selectOption(hook("export-what"), "all");
  await start(page);
  const csv = await table(".csv");
  assert.ok(csv.includes('"\'=1+1, ""할머니""'), csv);
  await page.selectOption(hook("export-to"), "json");
  await start(page);
  const json = JSON.parse(await table(".json"));
  assert.equal(json.length, 3);
  const shown = new Map((await cards(page)).map((card) => [card.name, card]));
  const stopSign = json.find(({ name }) => name === "stop-sign.jpg");
  assert.deepEqual(stopSign.tags.map(({ label, source }) => [label, source]), shown.get("stop-sign.jpg").tags.map(({ label, source }) => [label, source]));
  assert.equal(stopSign.tags[0].ko, "정지 표지판");
  await close(page);
  await closeClean(page);
}

function sharing() {
  navigator.canShare = ({ files }) => files.every(({ type }) => type.startsWith("image/"));
  navigator.share = async ({ files }) => {
    if (!navigator.userActivation.isActive) throw new DOMException("nobody clicked", "NotAllowedError");
    globalThis.sharedFiles = await Promise.all(
      files.map(async (file) => [file.name, file.type, [...new Uint8Array(await file.arrayBuffer())]]),
    );
  };
}

async function shared() {
  const page = await ready("", {}, sharing);
  await tag(page, photos.slice(0, 2));
  await takeAlong(page, { to: "share", words: "ko" });
  await look(page);
  assert.match(await start(page), /2 photos are shared/);
  const files = await page.evaluate(() => globalThis.sharedFiles);
  assert.deepEqual(files.map(([name, type]) => [name, type]).sort(), [["stop-sign.jpg", "image/jpeg"], ["바다 시계.jpg", "image/jpeg"]]);
  const [, , bytes] = files.find(([name]) => name === "stop-sign.jpg");
  assert.deepEqual(words(exif(Buffer.from(bytes), "a.jpg").Subject), ["정지 표지판"]);
  await close(page);
  await closeClean(page);
}

/** A JPEG with keywords as other programs write them. */
function withXmp(jpeg, keywords) {
  const items = keywords.map((word) => `<rdf:li>${word}</rdf:li>`).join("");
  const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag>${items}</rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>`;
  const body = Buffer.concat([Buffer.from("http://ns.adobe.com/xap/1.0/\0"), Buffer.from(packet)]);
  const head = Buffer.from([0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 255]);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

async function imported() {
  const page = await ready();
  const loads = [];
  page.on("request", (request) => {
    if (/\/(export|keywords)\/tagsight/.test(request.url())) loads.push(request.url());
  });
  await tag(page, [photos[0]]);
  assert.deepEqual(loads, [], "nothing is loaded for photos without metadata");
  // In form D, as from Apple's systems; a label in other words; and one that is damaged.
  const words = ["바다".normalize("NFD"), "멈춤 표지판", "Grandma"];
  const broken = withXmp(photos[2].buffer, ["</rdf:li><broken"]);
  await tag(page, [{ ...photos[0], buffer: withXmp(photos[0].buffer, words) }, { ...photos[2], buffer: broken }]);
  assert.deepEqual(await tagsOf(page, "stop-sign.jpg"), { "stop sign": "file", 바다: "file", Grandma: "file" });
  assert.ok(loads.some((url) => url.includes("/keywords/")), "what reads them came");
  assert.ok(!loads.some((url) => url.includes("/export/")), "the dialog did not");
  const kitchen = (await cards(page)).find(({ name }) => name === "kitchen.jpg");
  assert.equal(kitchen.state, "done", "metadata that cannot be read fail no photo");
  assert.ok(kitchen.tags.every(({ source }) => source === "auto"));
  await reload(page, 2);
  assert.equal((await tagsOf(page, "stop-sign.jpg")).바다, "file");
  await page.fill(hook("search-input"), "ㅂㄷ");
  await settled(page, 1);
  await closeClean(page);
}

async function withoutNetwork() {
  const stage = new Stage(site);
  try {
    await stage.start();
    await (await stage.visit()).close();
    stage.server.close();
    const page = await stage.open("", standIns);
    await tag(page, [{ ...photos[0], buffer: withXmp(photos[0].buffer, ["바다"]) }]);
    assert.equal((await tagsOf(page, "stop-sign.jpg")).바다, "file");
    await takeAlong(page, { to: "zip", into: "embed", words: "en" });
    await look(page);
    assert.match(await start(page), /is saved/);
    assert.deepEqual(page.complaints, []);
  } finally {
    await stage.end();
  }
}

async function byKeyboard() {
  const page = await ready("?lang=ko", { viewport: { width: 390, height: 800 } });
  await tag(page, photos.slice(0, 1));
  await put(page, [{ ...photos[0], name: "photos/stop-sign.jpg" }]);
  const focus = async (name) => {
    for (let steps = 0; steps < 60; steps += 1) {
      const at = await page.evaluate(() => document.activeElement?.dataset.testid);
      if (at === name) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${name} is not reached`);
  };
  await focus("take-along");
  await page.keyboard.press("Enter");
  await page.waitForSelector(hook("export"));
  await focus("export-to");
  await page.keyboard.press("Home");
  await focus("export-words");
  await page.keyboard.press("End");
  await focus("export-look");
  await page.keyboard.press("Enter");
  await page.waitForSelector(hook("export-change"));
  // The keyboard is where it goes on.
  await page.waitForFunction(() => document.activeElement?.dataset.testid === "export-start");
  await page.keyboard.press("Enter");
  await page.locator(hook("export-outcome")).filter({ hasText: "썼어요" }).waitFor();
  assert.deepEqual(await list(page, "photos"), ["stop-sign.jpg", "stop-sign.jpg.xmp"]);
  await page.keyboard.press("Escape");
  await page.waitForSelector(hook("export"), { state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), "take-along", "and back again");
  await closeClean(page);
}

async function accessible(language, colorScheme) {
  for (const width of [390, 1280]) {
    const shot = (what) => page.screenshot({ path: join(screenshots, `export-${what}-${language}-${colorScheme}-${width}.png`) });
    const page = await ready(`?lang=${language}`, { viewport: { width, height: 844 }, colorScheme });
    await tag(page, [...photos, ...all.slice(3)]);
    const gif = readFileSync(new URL("../fixtures/photos/palette.gif", import.meta.url));
    await tag(page, [{ name: "palette.gif", mimeType: "image/gif", buffer: gif }]);
    await addTag(page, "palette.gif", "테스트");
    await put(page, photos.map((photo) => ({ ...photo, name: `photos/${photo.name}` })));
    await put(page, [{ name: "photos/palette.gif", buffer: gif }]);
    await auditAccessibility(page, "the page with its buttons");
    await shot("page");
    await takeAlong(page, { to: "folder", into: "embed", words: "both", path: "category" });
    await auditAccessibility(page, "before a folder is chosen");
    await shot("choices");
    const rows = await look(page);
    const states = new Set(Object.values(rows).map(({ state }) => state));
    assert.deepEqual([...states].sort(), ["absent", "changed", "refused"]);
    await auditAccessibility(page, "what changes");
    await shot("preview");
    assert.ok(await page.evaluate(() => document.querySelector("dialog").scrollWidth <= innerWidth), "no sideways scrolling");
    await start(page);
    await auditAccessibility(page, "what was done");
    await shot("outcome");
    const small = await page.$$eval(`${hook("export")} :is(button, select)`, (nodes) =>
      nodes.filter((node) => node.offsetParent && node.getBoundingClientRect().height < 24).map(({ dataset }) => dataset.testid),
    );
    assert.deepEqual(small, [], "all of it is large enough for a thumb");
    await close(page);
    await closeClean(page);
  }
}

/**
 * Writes pictures that are as large as a camera's: a chunk that no reader knows has zeros, which the file
 * system need not store. Gives their paths.
 */
function padded(folder, pictures) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(MANY_BYTES);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(Buffer.concat([Buffer.from("paDD"), Buffer.alloc(MANY_BYTES)])));
  return pictures.map((picture, index) => {
    const path = join(folder, `사진 ${index}.png`);
    const file = openSync(path, "w");
    const end = picture.length - 12;
    const head = Buffer.concat([picture.subarray(0, end), length, Buffer.from("paDD")]);
    writeSync(file, head, 0, head.length, 0);
    const tail = Buffer.concat([checksum, picture.subarray(end)]);
    writeSync(file, tail, 0, tail.length, head.length + MANY_BYTES);
    closeSync(file);
    return path;
  });
}

/** Runs in the page: the dialog opens over all that the input has, as if the library had them. */
async function openMany([input, ids]) {
  const [photo, settings] = await new Promise((resolve, reject) => {
    const request = indexedDB.open("tagsight");
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const stores = request.result.transaction(["photos", "settings"]);
      const [photos, wholes] = ["photos", "settings"].map((name) => stores.objectStore(name).getAll());
      stores.oncomplete = () => resolve([photos.result[0], wholes.result[0].settings]);
    };
  });
  const files = [...document.querySelector(input).files];
  const photos = files.map(({ name }, place) => ({ ...photo, id: ids[place], name, place }));
  const { open } = await import(new URL("export/load.js", location.href));
  const { pack } = await import(new URL("plain.js", location.href));
  const marks = new Uint8Array(photos.length).fill(1);
  await open({ library: pack([photos, settings]), files, marks, language: "en", mayOpen: async () => [], onWritten() {} });
}

/** In a profile on the disk, since what is stored in a private window is in memory. */
async function manyPhotos(say) {
  const stage = new Stage(site);
  const folder = mkdtempSync(join(tmpdir(), "tagsight-"));
  try {
    await stage.start();
    await archiveMany(await stage.open("", standIns), folder, say);
  } finally {
    await stage.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function archiveMany(page, folder, say) {
  // With a tag, so that there is something to write.
  await tag(page, photos.slice(0, 1));
  const pictures = manyPictures(MANY).map(({ buffer }) => buffer);
  const ids = pictures.map((picture) => {
    assert.equal(picture.toString("latin1", 37, 41), "IDAT");
    return createHash("sha256").update(picture.subarray(41, picture.length - 16)).digest("hex");
  });
  await page.evaluate(() => document.body.append(Object.assign(document.createElement("input"), { type: "file", multiple: true, id: "many" })));
  await page.setInputFiles("#many", padded(folder, pictures));
  await page.evaluate(openMany, ["#many", ids]);
  const debug = await page.context().newCDPSession(page);
  const used = async () => {
    await debug.send("HeapProfiler.collectGarbage");
    const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await debug.send("Runtime.getHeapUsage");
    const wasm = await page.evaluate(async () => {
      let bytes = 0;
      for (const script of ["export/tagsight-export.js", "keywords/tagsight-keywords-module.js"]) {
        const { default: start } = await import(new URL(script, location.href));
        bytes += (await start()).memory.buffer.byteLength;
      }
      return bytes;
    });
    return usedSize + embedderHeapUsedSize + Math.max(backingStorageSize, wasm);
  };
  await page.selectOption(hook("export-to"), "zip");
  await page.selectOption(hook("export-into"), "embed");
  const before = await used();
  let most = before;
  let isDone = false;
  const watch = async () => {
    while (!isDone) {
      most = Math.max(most, await used());
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  };
  // If the page goes, what waits for it says so.
  const watching = watch().catch(() => {});
  const begun = Date.now();
  await page.click(hook("export-look"));
  await page.waitForSelector(hook("export-change"), { timeout: 300_000 });
  const looked = Date.now();
  const rows = await changes(page);
  assert.ok(Object.keys(rows).length < MANY, "not all of them are shown at once");
  assert.equal(rows["사진 0.png"].state, "changed", JSON.stringify(rows["사진 0.png"]));
  await page.click(hook("export-start"));
  await page.locator(hook("export-outcome")).filter({ hasText: /./ }).waitFor({ timeout: 300_000 });
  const written = Date.now();
  isDone = true;
  await watching;
  const said = await page.locator(hook("export-outcome")).textContent();
  const grown = (most - before) / (1 << 20);
  say(`looked at in ${looked - begun} ms, written in ${written - looked} ms; memory grew by ${grown.toFixed(1)} MiB`);
  assert.match(said, /is saved\.$/);
  assert.ok(most - before <= GROWTH, "memory grows");
  await page.click(hook("export-more"));
  await page.waitForFunction(
    ([row, count]) => document.querySelectorAll(row).length === count,
    [hook("export-change"), MANY],
  );
  await unpackedOnDisk(page);
}

/** The archive is too large for one message, so it comes as a download. */
async function unpackedOnDisk(page) {
  const [download] = await Promise.all([
    page.waitForEvent("download", { timeout: 300_000 }),
    page.evaluate(async () => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("saved");
      for await (const handle of folder.values()) {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(await handle.getFile());
        link.download = "many.zip";
        link.click();
      }
    }),
  ]);
  const file = await download.path();
  const options = { encoding: "utf8", maxBuffer: 1 << 26, env: { ...process.env, LC_ALL: "C.UTF-8" } };
  assert.match(execFileSync("unzip", ["-tq", file], options), /No errors detected/);
  const names = execFileSync("zipinfo", ["-1", file], options).trim().split("\n");
  assert.equal(names.length, MANY);
  assert.ok(names.includes("사진 499.png"));
}
