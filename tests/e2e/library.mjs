// The library in Chromium, on the built site: what is kept, corrected and found.
//
//   library.mjs SITE SCREENSHOTS
//
// Its photos are drawings of our own.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "../browser/chromium.mjs";
import { serve } from "../browser/serve.mjs";
import { auditAccessibility } from "./accessibility.mjs";
import { GENEROUS, check, finish } from "./check.mjs";
import {
  cards,
  closeClean,
  engine,
  hook,
  inSettings,
  modelState,
  openReady,
  reload,
  settled,
  tag,
} from "./page.mjs";
import { dropStored, keepHandles, removeStored, store } from "./handles.mjs";
import { manyPictures } from "./pictures.mjs";
import { scenes } from "./scenes.mjs";

const [site, screenshots] = process.argv.slice(2);
/** WCAG: no sideways scrolling at 320 pixels. */
const SIZES = { phone: { width: 320, height: 640 }, desktop: { width: 1280, height: 800 } };

const browser = await launch();
const photos = (await scenes(browser)).slice(0, 3);
const server = await serve({ "/": site });

check("tags and corrections are there after a reload, and can be undone", keepsCorrections);
check("photos are tagged again while their files are at hand, and what is not is counted", tagsAgain);
check("files that were dropped are opened again on later visits, or it is said why not", reopensFiles);
check("files that the system opened are opened again on later visits", reopensLaunched);
check("what was dropped and not tagged goes on after a reload", resumesDropped);
check("thresholds refilter at once, from stored scores", movesThresholds);
check("two pages see each other's changes", twoPages);
check("everything is deleted, and comes back from a backup", backupAndErase);
check("a backup is offered for decisions of several visits, until one is made", offersBackup);
for (const language of ["en", "ko"]) {
  check(`a new name says what became of it, ${language}`, () => renames(language));
}
check("a renderer that is killed loses no photo that was done", killedRenderer);
check("what was not tagged is named after a reload and can be chosen again", leftOver);
check("a selection is tagged, cleaned, deleted and brought back at once", selections);
check("a batch is paused, resumed and cancelled", batches);
for (const language of ["en", "ko"]) {
  check(`the whole job by keyboard alone, ${language}`, () => byKeyboard(language));
}
check("Korean is found as it is typed, in the English page", findsKorean);
check("a finger that rests and sweeps chooses", byFinger);
check("the sample photo can be tried", sample);
for (const colorScheme of ["light", "dark"]) {
  check(`accessible in every state, ${colorScheme}`, () => accessible(colorScheme));
}
// Cancelling is measured by the clock.
await finish(1, () => browser.close());

function ready(query = "", options = {}, prepare = undefined) {
  return openReady(browser, server.origin, query, options, prepare);
}

function tile(page, name) {
  return page.locator(hook("photo-card", `[data-name="${name}"]`));
}

/** Labels of a photo's tags and where each is from. */
function tagsOf(page, name) {
  return tile(page, name).locator(hook("tag")).evaluateAll((tags) =>
    Object.fromEntries(tags.map(({ dataset }) => [dataset.label, dataset.source])),
  );
}

async function openDetail(page, name) {
  await tile(page, name).click();
  await page.waitForSelector(hook("photo-detail"));
}

async function closeDetail(page) {
  await page.click(hook("detail-close"));
  await page.waitForSelector(hook("photo-detail"), { state: "detached" });
}

async function addTag(page, word) {
  await page.fill(hook("tag-add"), word);
  await page.press(hook("tag-add"), "Enter");
}

async function keepsCorrections() {
  const page = await ready();
  await tag(page, photos);
  const [name] = photos.map(({ name }) => name);
  const before = await cards(page);
  await reload(page, photos.length);
  assert.deepEqual(await cards(page), before, "scores, tags, model and engine");
  const found = Object.keys(await tagsOf(page, name));
  await openDetail(page, name);
  await page.locator(hook("tag-remove")).first().click();
  await addTag(page, "Grandmother");
  await closeDetail(page);
  const corrected = await tagsOf(page, name);
  assert.equal(corrected.Grandmother, "user");
  assert.equal(Object.keys(corrected).length, found.length);
  await reload(page, photos.length);
  assert.deepEqual(await tagsOf(page, name), corrected);
  // Tagged again, the user's word stands.
  await tag(page, [photos[0]]);
  assert.deepEqual(await tagsOf(page, name), corrected);
  await reload(page, photos.length);
  await page.click(hook("undo"));
  await page.click(hook("undo"));
  assert.deepEqual(Object.keys(await tagsOf(page, name)), found);
  await page.click(hook("redo"));
  await page.click(hook("redo"));
  assert.deepEqual(await tagsOf(page, name), corrected);
  await closeClean(page);
}

/** `cards` once the photos of these names were tagged by what runs now: another engine has another name alone. */
async function byWhatRuns(page, cards, names) {
  const runs = await engine(page);
  return cards.map((card) => (names.includes(card.name) ? { ...card, engine: runs } : card));
}

async function tagsAgain() {
  const page = await ready();
  await tag(page, photos);
  const before = await cards(page);
  const name = photos[0].name;
  await openDetail(page, name);
  await addTag(page, "keepsake");
  await closeDetail(page);
  const corrected = await cards(page);
  await inSettings(page, () => page.click(hook("remove-auto")));
  const own = Object.values(await tagsOf(page, name));
  assert.deepEqual(own, ["user"], "only the user's tag is left");
  await inSettings(page, () => page.click(hook("tag-again")));
  await settled(page, photos.length);
  assert.equal(await page.locator(hook("notice")).count(), 0, "all files are at hand");
  assert.deepEqual(await cards(page), corrected);
  assert.notDeepEqual(corrected, before);
  await reload(page, photos.length);
  await tag(page, photos.slice(0, 1));
  await inSettings(page, () => page.click(hook("tag-again")));
  await page.locator(hook("notice")).filter({ hasText: `of ${photos.length - 1} photos are not at hand` }).waitFor();
  await settled(page, photos.length);
  const again = await byWhatRuns(page, corrected, [name]);
  assert.deepEqual(await cards(page), again, "those that are not stay as they are");
  await closeClean(page);
}

async function reopensFiles() {
  const page = await ready("", {}, keepHandles);
  const [first, second, third] = photos.map(({ name }) => name);
  await store(page, photos);
  await dropStored(page, [first, second, third]);
  await settled(page, photos.length);
  const before = await cards(page);
  const again = () => inSettings(page, () => page.click(hook("tag-again")));
  const said = (...words) =>
    words.reduce((notice, hasText) => notice.filter({ hasText }), page.locator(hook("notice"))).waitFor();
  const shownAs = (isFile) => originalShown(page, isFile);
  const permission = (state, answer) => page.evaluate(([state, answer]) => setPermission(state, answer), [state, answer]);
  const asked = () => page.evaluate(() => timesAsked());

  await reload(page, photos.length);
  await openDetail(page, first);
  await shownAs(true);
  await closeDetail(page);
  await inSettings(page, () => page.click(hook("remove-auto")));
  assert.equal(await page.locator(hook("tag")).count(), 0);
  await page.click(hook("note-dismiss"));
  await again();
  await page.waitForFunction(
    ([tag, count]) => document.querySelectorAll(tag).length === count,
    [hook("tag"), before.flatMap(({ tags }) => tags).length],
  );
  const tagged = await byWhatRuns(page, before, [first, second, third]);
  assert.deepEqual(await cards(page), tagged);
  assert.equal(await page.locator(hook("notice")).count(), 0, "every file was opened again");

  // The browser wants the user to be asked.
  await reload(page, photos.length);
  await permission("prompt", "denied");
  await openDetail(page, first);
  await shownAs(false);
  const small = page.locator(hook("photo-detail")).filter({ hasText: "This is a small copy" });
  await small.filter({ hasText: "permission" }).waitFor();
  await auditAccessibility(page, "detail of a file that may not be opened");
  assert.equal(await asked(), 0, "nobody is asked who only looks");
  await closeDetail(page);
  await again();
  await said("of 3 photos are not at hand", "your permission to open the file (3)");
  await auditAccessibility(page, "files that may not be opened");
  assert.equal(await asked(), 1, "who refuses is not asked again");
  assert.deepEqual(await cards(page), tagged);
  await permission("prompt", "granted");
  await openDetail(page, first);
  await page.click(hook("detail-open"));
  await shownAs(true);
  assert.equal(await small.count(), 0);
  await closeDetail(page);

  // One is gone, one is another photo, one has a few bytes more behind the same picture.
  await removeStored(page, second);
  await store(page, [{ name: third, buffer: photos[0].buffer }]);
  await store(page, [{ name: first, buffer: Buffer.concat([photos[0].buffer, Buffer.from("more")]) }]);
  await openDetail(page, first);
  await small.filter({ hasText: "changed" }).waitFor();
  await closeDetail(page);
  await again();
  await said("of 2 photos are not at hand", "moved or deleted (1)", "changed since it was tagged (1)");
  await settled(page, photos.length);
  assert.deepEqual(await cards(page), tagged, "all photos are as they were");
  await openDetail(page, first);
  await shownAs(true);
  await closeDetail(page);
  await closeClean(page);
}

/** Waits until the open photo is shown by its file, which is 800 pixels wide, or by its small picture. */
function originalShown(page, isFile) {
  return page.waitForFunction(
    ([picture, isFile]) => {
      const width = document.querySelector(picture)?.naturalWidth;
      return width > 0 && (width === 800) === isFile;
    },
    [`${hook("photo-detail")} .picture img`, isFile],
  );
}

async function reopensLaunched() {
  const page = await ready("", {}, keepHandles);
  const [{ name }] = photos;
  await store(page, photos.slice(0, 1));
  await page.evaluate((name) => globalThis.launch([name]), name);
  await settled(page, 1);
  await reload(page, 1);
  await openDetail(page, name);
  await originalShown(page, true);
  await closeClean(page);
}

async function resumesDropped() {
  const page = await ready("", {}, keepHandles);
  const files = manyPictures(60, 9000);
  await store(page, files);
  await dropStored(page, files.map(({ name }) => name));
  await page.waitForSelector(hook("photo-card", "[data-state=done]"));
  await page.reload();
  await modelState(page, "ready");
  const notice = page.locator(hook("notice")).filter({ has: page.locator(hook("left-over")) });
  const words = await notice.textContent();
  const done = new Set((await cards(page)).map(({ name }) => name));
  assert.ok(done.size < files.length, "the batch was over before the reload");
  const left = files.filter(({ name }) => !done.has(name));
  assert.match(words, new RegExp(`\\b${left.length}\\b`));
  const gone = left.at(-1);
  await removeStored(page, gone.name);
  await page.click(hook("left-over-resume"));
  await settled(page, files.length - 1);
  await notice.filter({ hasText: gone.name }).filter({ hasText: "moved or deleted (1)" }).waitFor();
  await auditAccessibility(page, "a file that is gone");
  await store(page, [gone]);
  await page.click(hook("left-over-resume"));
  await settled(page, files.length);
  assert.equal(await page.locator(hook("left-over")).count(), 0);
  await reload(page, files.length);
  await modelState(page, "ready");
  assert.equal(await page.locator(hook("left-over")).count(), 0, "nothing is left over any more");
  await openDetail(page, gone.name);
  await page.locator(`${hook("photo-detail")} .picture img`).waitFor();
  await closeDetail(page);
  await closeClean(page);
}

async function movesThresholds() {
  const page = await ready();
  await tag(page, photos);
  const counts = {};
  for (const step of ["sure", "balanced", "more"]) {
    await page.selectOption(hook("threshold-select"), step);
    counts[step] = await page.locator(hook("tag")).count();
  }
  assert.ok(counts.sure <= counts.balanced && counts.balanced <= counts.more, JSON.stringify(counts));
  assert.ok(counts.sure < counts.more, `no threshold moves anything: ${JSON.stringify(counts)}`);
  await reload(page, photos.length);
  assert.equal(await page.inputValue(hook("threshold-select")), "more", "it is remembered");
  await closeClean(page);
}

async function twoPages() {
  const page = await ready();
  await tag(page, photos);
  const other = await page.context().newPage();
  await other.goto(server.origin);
  await other.waitForFunction(
    ([card, count]) => document.querySelectorAll(card).length === count,
    [hook("photo-card"), photos.length],
  );
  const name = photos[1].name;
  await openDetail(page, name);
  await addTag(page, "shared");
  await tile(other, name).locator(hook("tag", "[data-label=shared]")).waitFor();
  await other.click(hook("undo"));
  await page.locator(hook("detail-tag", "[data-label=shared]")).waitFor({ state: "detached" });
  await closeClean(page);
}

async function backupAndErase() {
  const page = await ready();
  await tag(page, photos);
  const name = photos[0].name;
  await openDetail(page, name);
  await addTag(page, "keepsake");
  await closeDetail(page);
  const before = await cards(page);
  const download = page.waitForEvent("download");
  await inSettings(page, () => page.click(hook("backup")));
  const file = join(screenshots, "library.backup");
  await (await download).saveAs(file);
  page.on("dialog", (dialog) => dialog.accept());
  await page.click(hook("settings-open"));
  await page.click(hook("erase"));
  await page.waitForFunction((card) => !document.querySelector(card), hook("photo-card"));
  await page.reload();
  await modelState(page, "ready");
  assert.equal(await page.locator(hook("photo-card")).count(), 0, "everything is gone");
  const broken = readFileSync(file).subarray(0, 200);
  const restore = (file) =>
    inSettings(page, () => page.setInputFiles(hook("restore"), file));
  await restore({ name: "cut.backup", mimeType: "", buffer: broken });
  await page.locator(hook("notice")).filter({ hasText: "not a backup" }).waitFor();
  await restore(file);
  await settled(page, photos.length);
  assert.deepEqual(await cards(page), before);
  await page.locator(`${hook("photo-card")} img`).first().waitFor();
  await closeClean(page);
}

/** How many decisions the stored settings say are in no backup, once they say `decisions` if given. */
function settingsRecord(page, decisions) {
  return page.evaluate(async (decisions) => {
    const answer = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await answer(indexedDB.open("tagsight"));
    const store = database.transaction("settings", "readwrite").objectStore("settings");
    const record = await answer(store.get(0));
    if (decisions !== undefined) {
      record.settings.since_backup = decisions;
      await answer(store.put(record, 0));
    }
    database.close();
    return record.settings.since_backup;
  }, decisions);
}

async function offersBackup() {
  const page = await ready();
  await tag(page, photos);
  const name = photos[0].name;
  const decide = async (word) => {
    await openDetail(page, name);
    await addTag(page, word);
    await page.locator(hook("detail-tag", `[data-label=${word}]`)).waitFor();
    await closeDetail(page);
  };
  const offer = page.locator(hook("backup-now"));
  /** Decides for the first time on a visit, after which the browser is asked to keep the library. */
  const decideFirst = async (word) => {
    await decide(word);
    await page.click(hook("note-dismiss"));
  };
  await decideFirst("one");
  await decide("two");
  assert.equal(await settingsRecord(page), 2);
  // As earlier visits would leave it.
  await settingsRecord(page, 198);
  await reload(page, photos.length);
  await decideFirst("three");
  assert.equal(await offer.count(), 0, "199 decisions");
  await decide("four");
  await offer.waitFor();
  const download = page.waitForEvent("download");
  await offer.click();
  await download;
  await offer.waitFor({ state: "detached" });
  await reload(page, photos.length);
  assert.equal(await settingsRecord(page), 0, "all of it is in the backup");
  await decideFirst("five");
  assert.equal(await settingsRecord(page), 1);
  await closeClean(page);
}

async function renames(language) {
  const page = await ready(`?lang=${language}`);
  await tag(page, photos);
  const name = photos[0].name;
  const [label] = Object.keys(await tagsOf(page, name));
  await openDetail(page, name);
  for (const word of ["keepsake", "treasure"]) await addTag(page, word);
  await closeDetail(page);
  await page.click(hook("settings-open"));
  const rename = async (tag, word, outcome) => {
    await page.selectOption(hook("rename-select"), tag);
    await page.fill(hook("rename-word"), word);
    await page.press(hook("rename-word"), "Enter");
    await page.locator(hook("rename-outcome")).filter({ hasText: outcome }).waitFor();
  };
  const outcomes = {
    en: { named: "called memory now", merged: "one tag now: treasure", refused: "name of zebra" },
    ko: { named: "바꿨어요: memory", merged: "합쳤어요: treasure", refused: "다른 태그 이름이에요: 얼룩말" },
  }[language];
  assert.notEqual(label, "zebra");
  await rename(label, "Zebra", outcomes.refused);
  await rename("keepsake", "treasure", outcomes.merged);
  await rename("treasure", "memory", outcomes.named);
  await page.locator(hook("rename-outcome")).scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(screenshots, `renamed-${language}.png`) });
  await page.click(hook("settings-close"));
  const { memory, treasure, keepsake } = await tagsOf(page, name);
  assert.deepEqual([memory, treasure, keepsake], ["user", undefined, undefined]);
  await closeClean(page);
}

/** Killed at another moment each time; what is done on the page is read just before. */
async function killedRenderer(say) {
  const page = await ready();
  const context = page.context();
  let current = page;
  let kept = 0;
  for (let round = 0; round < 5; round += 1) {
    await current.setInputFiles(hook("photo-input"), manyPictures(40, round * 40));
    const wanted = kept + 3 + ((round * 13) % 29);
    await current.waitForFunction(
      ([card, wanted]) => document.querySelectorAll(card).length >= wanted,
      [hook("photo-card", "[data-state=done]"), wanted],
    );
    const done = new Set((await cards(current)).filter(({ state }) => state === "done").map(({ name }) => name));
    const crashed = current.waitForEvent("crash");
    (await context.newCDPSession(current)).send("Page.crash").catch(() => {});
    await crashed;
    current = await context.newPage();
    await current.goto(server.origin);
    await modelState(current, "ready");
    await current.waitForSelector(hook("photo-card"));
    const after = await cards(current);
    const names = new Set(after.map(({ name }) => name));
    for (const name of done) assert.ok(names.has(name), `${name} was done and is gone`);
    for (const { name, scores } of after) assert.equal(scores.length, 80, `half a record of ${name}`);
    kept = after.length;
    say(`round ${round + 1}: ${done.size} done when it was killed, ${kept} there after`);
  }
  await context.close();
}

async function leftOver() {
  const page = await ready();
  const files = manyPictures(60, 900);
  await page.setInputFiles(hook("photo-input"), files);
  await page.waitForSelector(hook("photo-card", "[data-state=done]"));
  await page.reload();
  await modelState(page, "ready");
  const notice = page.locator(hook("notice")).filter({ has: page.locator(hook("left-over")) });
  const words = await notice.textContent();
  const done = await page.locator(hook("photo-card")).count();
  assert.ok(done < files.length, "the batch was over before the reload");
  assert.match(words, new RegExp(`\\b${files.length - done}\\b`));
  const [next] = files.filter(({ name }) => words.includes(name));
  assert.ok(next, `no file is named: ${words}`);
  await page.setInputFiles(hook("left-over-input"), files);
  await settled(page, files.length);
  assert.equal(await page.locator(hook("left-over")).count(), 0);
  await page.reload();
  await modelState(page, "ready");
  assert.equal(await page.locator(hook("left-over")).count(), 0, "nothing is left over any more");
  await closeClean(page);
}

async function selections() {
  const page = await ready();
  await tag(page, manyPictures(12, 700));
  const tiles = page.locator(hook("photo-card"));
  await tiles.nth(1).click({ modifiers: ["Control"] });
  await tiles.nth(6).click({ modifiers: ["Shift"] });
  assert.match(await page.locator(`${hook("selection")} strong`).textContent(), /6/);
  await page.fill(hook("selection-add"), "holiday");
  await page.press(hook("selection-add"), "Enter");
  assert.equal(await page.locator(hook("tag", "[data-label=holiday]")).count(), 6);
  await page.selectOption(hook("selection-remove"), "holiday");
  assert.equal(await page.locator(hook("tag", "[data-label=holiday]")).count(), 0);
  await page.click(hook("undo"));
  assert.equal(await page.locator(hook("tag", "[data-label=holiday]")).count(), 6);
  await page.click(hook("selection-delete"));
  await settled(page, 6);
  await page.reload();
  await modelState(page, "ready");
  await settled(page, 6);
  await page.click(hook("undo"));
  await settled(page, 12);
  await page.locator(`${hook("photo-card")} img`).nth(11).waitFor();
  await closeClean(page);
}

async function batches(say) {
  const page = await ready();
  await page.setInputFiles(hook("photo-input"), manyPictures(80, 1000));
  await page.waitForSelector(hook("photo-card", "[data-state=done]"));
  await page.click(hook("batch-pause"));
  const done = () => page.locator(hook("photo-card", "[data-state=done]")).count();
  const atPause = await done();
  await page.waitForFunction((card) => !document.querySelector(card), hook("photo-card", "[data-state=working]"));
  const paused = await done();
  assert.ok(paused - atPause <= 2, `${paused - atPause} photos after the pause`);
  await page.waitForTimeout(500);
  assert.equal(await done(), paused, "it stays paused");
  assert.match(await page.locator(hook("batch-status")).textContent(), /paused/i);
  await page.click(hook("batch-resume"));
  await page.waitForFunction(
    ([card, more]) => document.querySelectorAll(card).length > more,
    [hook("photo-card", "[data-state=done]"), paused],
  );
  const start = Date.now();
  await page.click(hook("batch-cancel"));
  await page.waitForFunction((status) => !document.querySelector(status), hook("batch-status"));
  say(`cancelled within ${Date.now() - start} ms`);
  assert.ok(Date.now() - start <= 1000 * GENEROUS);
  const left = await page.locator(hook("photo-card")).count();
  assert.equal(left, await done(), "only what is done stays");
  assert.ok(left < 80);
  await closeClean(page);
}

/** Adds, corrects, chooses a range, undoes and searches without a pointer. */
async function byKeyboard(language) {
  const page = await ready(`?lang=${language}`);
  const focused = (attribute = "testid") =>
    page.evaluate((attribute) => document.activeElement.dataset[attribute], attribute);
  const tabTo = async (wanted) => {
    for (let tries = 0; tries < 40 && (await focused()) !== wanted; tries += 1) {
      await page.keyboard.press("Tab");
    }
    assert.equal(await focused(), wanted, `Tab reaches ${wanted}`);
  };
  // Asked for well before the key: the browser may take the first key before it knows.
  const chooser = page.waitForEvent("filechooser");
  await tabTo("photo-input");
  await page.keyboard.press("Space");
  await (await chooser).setFiles(photos);
  await settled(page, photos.length);
  await tabTo("photo-card");
  const first = await focused("name");
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await focused("name"), first);
  await page.keyboard.press("Home");
  assert.equal(await focused("name"), first);
  await page.keyboard.press("Enter");
  await page.waitForSelector(hook("photo-detail"));
  await tabTo("tag-add");
  await page.keyboard.type(language === "ko" ? "할머니" : "granny");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.waitForSelector(hook("photo-detail"), { state: "detached" });
  assert.equal(await focused("name"), first, "the focus comes back");
  await page.keyboard.press("Shift+ArrowRight");
  assert.equal(await page.locator("[role=gridcell][aria-selected=true]").count(), 2);
  await page.keyboard.press("Control+a");
  assert.equal(await page.locator("[role=gridcell][aria-selected=true]").count(), photos.length);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Space");
  await page.keyboard.press("Delete");
  await settled(page, photos.length - 1);
  assert.equal(await focused(), "photo-card", "the focus goes to a neighbour");
  await page.keyboard.press("Control+z");
  await settled(page, photos.length);
  await page.keyboard.press("/");
  assert.equal(await focused(), "search-input");
  await page.keyboard.type(language === "ko" ? "할머" : "gran");
  await page.waitForFunction((card) => document.querySelectorAll(card).length === 1, hook("photo-card"));
  assert.equal((await cards(page))[0].name, first);
  await closeClean(page);
}

async function findsKorean() {
  const page = await ready("?lang=en");
  // As macOS names files: letters, not syllables.
  const [picture] = manyPictures(1, 5000);
  const named = { ...picture, name: "바다 여행.png".normalize("NFD") };
  await tag(page, [named, ...manyPictures(2, 5001)]);
  const cat = page.locator(hook("photo-card")).nth(1);
  const name = await cat.getAttribute("data-name");
  await openDetail(page, name);
  await addTag(page, "고양이");
  await closeDetail(page);
  assert.equal((await tagsOf(page, name)).cat, "user", "the Korean word means the label");
  const found = async (typed) => {
    await page.fill(hook("search-input"), typed);
    return (await cards(page)).map(({ name }) => name);
  };
  for (const typed of ["고양", "고양이", "ㄱㅇㅇ", "공", "cat", "kitty", "ca"]) {
    assert.deepEqual(await found(typed), [name], typed);
  }
  assert.deepEqual(await found("바다"), [named.name.normalize("NFC")]);
  assert.deepEqual(await found("ㄱㅇㅇ -고양이"), []);
  await found("");
  // A syllable that is being composed is no word yet, and Enter ends it.
  await openDetail(page, name);
  await page.focus(hook("tag-add"));
  const debug = await page.context().newCDPSession(page);
  for (const text of ["ㅂ", "바", "바ㄷ", "바다"]) {
    await debug.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
  }
  assert.equal(await page.locator(hook("detail-tag")).count(), Object.keys(await tagsOf(page, name)).length);
  await debug.send("Input.insertText", { text: "바다" });
  await page.keyboard.press("Enter");
  await page.locator(hook("detail-tag", "[data-label=바다]")).waitFor();
  await closeClean(page);
}

async function byFinger() {
  const page = await ready("", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await tag(page, manyPictures(8, 6000));
  const debug = await page.context().newCDPSession(page);
  const at = async (index) => {
    const { x, y, width, height } = await page.locator(hook("photo-card")).nth(index).boundingBox();
    return [{ x: x + width / 2, y: y + height / 2 }];
  };
  const chosen = () => page.locator("[role=gridcell][aria-selected=true]").count();
  // One that only touches opens.
  await page.locator(hook("photo-card")).nth(0).tap();
  await closeDetail(page);
  assert.equal(await chosen(), 0);
  await debug.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: await at(0) });
  await page.waitForSelector("[role=gridcell][aria-selected=true]");
  for (const index of [1, 2, 3]) {
    await debug.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: await at(index) });
  }
  await debug.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await page.waitForFunction(
    () => document.querySelectorAll("[role=gridcell][aria-selected=true]").length === 4,
  );
  assert.equal(await page.locator(hook("photo-detail")).count(), 0, "the end of a sweep opens nothing");
  await closeClean(page);
}

async function sample() {
  const page = await ready();
  await page.click(hook("sample"));
  await settled(page, 1);
  const [{ state, tags, text }] = await cards(page);
  assert.equal(state, "done", text);
  const labels = tags.map(({ label }) => label);
  assert.ok(labels.includes("banana") && labels.includes("clock"), labels.join());
  await closeClean(page);
}

async function accessible(colorScheme) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const language of ["en", "ko"]) {
      const page = await ready(`?lang=${language}`, { viewport, colorScheme });
      const audit = async (state) => {
        await auditAccessibility(page, `${state}, ${size}, ${language}`);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(overflow <= 0, `${state}, ${size}: ${overflow} pixels wider than the screen`);
        const name = `${state}-${size}-${language}-${colorScheme}.png`;
        await page.screenshot({ path: join(screenshots, name) });
      };
      await audit("nothing-yet");
      const bad = { name: "letter.jpg", buffer: Buffer.from("Dear diary"), mimeType: "image/jpeg" };
      await tag(page, [bad, ...photos]);
      await audit("photos");
      await openDetail(page, photos[0].name);
      await audit("detail");
      await closeDetail(page);
      await page.click(hook("settings-open"));
      await audit("settings");
      await page.click(hook("settings-close"));
      await page.locator(hook("photo-card")).nth(1).click({ modifiers: ["Control"] });
      await audit("chosen");
      await page.fill(hook("search-input"), "qqq");
      await page.waitForSelector(hook("nothing"));
      await audit("nothing-found");
      await page.context().close();
    }
  }
}
