// The site without a network, its updates, and what is shared with it.
//
//   offline.mjs SITE EXPECTED.jsonl
//
// EXPECTED is what `trainer tag --json` wrote about photos with the default model. Every check has a
// browser with a profile of its own, and a server, which sends no header that makes a page stricter.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { headersOf, serve } from "../browser/serve.mjs";
import { SOME, check, finish } from "./check.mjs";
import { readLines } from "./models.mjs";
import { cards, chooseEngine, modelState, settled, tagRight } from "./page.mjs";
import { manyPictures } from "./pictures.mjs";
import { Stage, status } from "./stage.mjs";

const [site, expectedFile] = process.argv.slice(2);
/** One of each kind that the worker and its modules decode. */
const expected = [".jpg", ".png", ".webp"].map((kind) =>
  readLines(expectedFile).find(({ photo }) => photo.endsWith(kind)),
);
const photos = expected.map(({ photo }) => photo);
const OFFER = "[data-testid=update-offer]";
const TAKE = "[data-testid=update-take]";
const script = readFileSync(join(site, "sw.js"), "utf8");
const manifest = JSON.parse(readFileSync(join(site, "models/manifest.json"), "utf8"));
const usual = manifest.models.find((model) => model.default);

onStage("visited once, the page tags photos without a network", withoutNetwork);
onStage("from the second visit on the page is as strict as on the best host", strictHeaders);
onStage("the page can be installed", installable);
onStage("scripts of others are refused", foreignScripts);
onStage("a copy that was altered is noticed, and replaced when it can be", alteredCopies);
onStage("what was cut on the way is fetched again", cutOnTheWay);
onStage("a module of which the copy was cut is fetched again", cutCopy);
onStage("a build that the host no longer has is given up as a whole", lostBuild);
onStage("a file that is not the listed one: nothing is kept", wrongFile);
onStage("a newer build is offered, and taken when no tab is tagging", update);
onStage("a build without offline use removes what earlier ones kept", retired);
onStage("shared photos arrive, whatever ends in between", shared);

/** A check in a browser of its own. */
function onStage(what, run) {
  check(what, async (say) => {
    const stage = new Stage(site);
    try {
      await stage.start();
      await run(stage, say);
    } finally {
      await stage.end();
    }
  });
}

/** Has the page look again, as when its tab is chosen. */
function lookAgain(page) {
  return page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
}

function clean(page) {
  assert.deepEqual(page.complaints, [], "nothing to complain about");
}

/** Puts other bytes in the place of a kept file; gives the file's. */
function spoil(page, path, length) {
  return page.evaluate(
    async ([path, length]) => {
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        const kept = await cache.match(path);
        if (!kept) continue;
        const bytes = new Uint8Array(await kept.clone().arrayBuffer()).slice(0, length);
        if (length === undefined) bytes[bytes.length >> 1] ^= 1;
        await cache.put(path, new Response(bytes, kept));
        return;
      }
      throw new Error(`${path} is in no cache`);
    },
    [path, length],
  );
}

/** SHA-256 of what is kept of a file. */
function keptDigest(page, path) {
  return page.evaluate(async (path) => {
    const bytes = await (await caches.match(path)).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }, path);
}

/** SHA-256 of a file of the site. */
function digest(path, encoding = "hex") {
  return createHash("sha256").update(readFileSync(join(site, path))).digest(encoding);
}

async function withoutNetwork(stage) {
  const first = await stage.visit();
  clean(first);
  stage.server.close();
  // In the same visit, too: that takes a new worker.
  await chooseEngine(first, "processor");
  assert.equal(await modelState(first, "ready", "failed"), "ready");
  await tagRight(first, expected);
  await stage.browser.close();
  await stage.startBrowser();
  const page = await stage.open();
  await tagRight(page, expected);
  await status(page, "ready");
  clean(page);
  await page.close();
  // Whichever worker is asked for, and the other page.
  const simd = await stage.open("?engine=wasm-simd");
  await tagRight(simd, expected.slice(0, 1));
  const benchmark = await simd.goto(`${stage.address}benchmark.html`);
  assert.equal(benchmark.status(), 200);
}

async function strictHeaders(stage) {
  const page = await stage.visit();
  const strict = headersOf(site).filter(([name]) => name !== "Cache-Control");
  assert.ok(strict.length >= 5);
  const document = await page.reload();
  await modelState(page, "ready");
  const worker = await page.evaluate(async () =>
    Object.fromEntries((await fetch("worker-simd/worker.js")).headers),
  );
  for (const [name, value] of strict) {
    assert.equal(document.headers()[name.toLowerCase()], value, `${name} of the document`);
    assert.equal(worker[name.toLowerCase()], value, `${name} of a worker`);
  }
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
  await tagRight(page, expected);
  clean(page);
}

async function installable(stage) {
  const page = await stage.visit();
  const debug = await stage.browser.newCDPSession(page);
  const { installabilityErrors } = await debug.send("Page.getInstallabilityErrors");
  assert.deepEqual(installabilityErrors, []);
  const { errors, data } = await debug.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const listed = JSON.parse(data);
  const pictures = [...listed.icons, ...listed.screenshots, ...listed.shortcuts.flatMap((s) => s.icons)];
  assert.ok(pictures.length >= 6);
  for (const { src, sizes } of pictures) {
    const size = await page.evaluate(async (src) => {
      const { width, height } = await createImageBitmap(await (await fetch(src)).blob());
      return `${width}x${height}`;
    }, src);
    assert.equal(size, sizes, src);
  }
  for (const { url } of listed.shortcuts) {
    assert.equal((await page.request.get(`${stage.address}${url}`)).status(), 200, url);
  }
  clean(page);
}

async function foreignScripts(stage) {
  const page = await stage.open();
  const refused = await page.evaluate(async () => {
    const own = trustedTypes.createPolicy.bind(trustedTypes);
    const attempts = [
      () => new Worker("worker-simd/worker.js", { type: "module" }),
      () => navigator.serviceWorker.register("other.js"),
      () => own("other", {}),
      () => own("tagsight", {}),
      () => (document.createElement("p").innerHTML = "<b>markup</b>"),
    ];
    const outcomes = [];
    for (const attempt of attempts) {
      outcomes.push(await Promise.resolve().then(attempt).then(() => "done", (error) => error.name));
    }
    return outcomes;
  });
  assert.deepEqual(refused, Array(5).fill("TypeError"));
}

async function alteredCopies(stage) {
  const page = await stage.visit();
  for (const path of ["gpu/load.js", `models/${usual.file}`]) {
    const right = digest(path);
    assert.equal(await keptDigest(page, path), right);
    await spoil(page, path);
    assert.notEqual(await keptDigest(page, path), right, "the copy is spoilt");
    stage.server.close();
    await lookAgain(page);
    await status(page, "unavailable");
    await stage.startServer();
    await lookAgain(page);
    await status(page, "ready");
    assert.equal(await keptDigest(page, path), right, "the copy is right again");
  }
}

/** Without a service worker, so that the page has to see to it. */
async function cutOnTheWay(stage) {
  const paths = [
    "tagsight-web_bg.wasm",
    "worker-relaxed/tagsight-worker_bg.wasm",
    `models/${usual.file}`,
  ];
  for (const path of paths) stage.cut.add(path);
  const page = await stage.visit();
  assert.equal(stage.cut.size, 0);
  await tagRight(page, expected.slice(0, 1));
}

async function cutCopy(stage) {
  const page = await stage.visit();
  const paths = ["tagsight-web_bg.wasm", "worker-relaxed/tagsight-worker.js"];
  for (const path of paths) await spoil(page, path, 1000);
  await page.reload();
  assert.equal(await modelState(page, "ready", "failed"), "ready");
  await tagRight(page, expected.slice(0, 1));
  for (const path of paths) assert.equal(await keptDigest(page, path), digest(path), path);
  clean(page);
}

/** The copy is cut, and the host has only another file of that name. */
async function lostBuild(stage) {
  const page = await stage.visit();
  stage.replaced.set("app.css", "/* of another build */");
  await spoil(page, "app.css", 10);
  await page.reload();
  await modelState(page, "ready");
  await tagRight(page, expected.slice(0, 1));
  await status(page, "unavailable");
  const names = await page.evaluate(() => caches.keys());
  assert.ok(!names.some((name) => name.startsWith("shell-")), names);
}

async function wrongFile(stage) {
  stage.replaced.set("gpu/load.js", "export const open = async () => null;");
  const page = await stage.open();
  await status(page, "unavailable");
  assert.ok(!(await page.evaluate(() => caches.keys())).some((name) => name.startsWith("shell-")));
  await tagRight(page, expected.slice(0, 1));
}

/** The same site with one file changed, as a build of its own; gives the build's name. */
function newerBuild(stage) {
  const style = `${readFileSync(join(site, "app.css"), "utf8")}/* newer */\n`;
  const newer = script
    .replace(digest("app.css", "base64"), createHash("sha256").update(style).digest("base64"))
    .replace(/const BUILD="(\w+)"/, 'const BUILD="00newer00"');
  assert.notEqual(newer, script);
  stage.replaced.set("app.css", style);
  stage.replaced.set("sw.js", newer);
  return "00newer00";
}

function lookForUpdate(page) {
  return page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
}

const mark = (page) => page.evaluate(() => (globalThis.isSame = true));
const isSame = (page) => page.evaluate(() => globalThis.isSame === true);

async function update(stage) {
  const tabs = [await stage.visit(), await stage.open()];
  const [busy, idle] = tabs;
  await status(idle, "ready");
  for (const tab of tabs) await mark(tab);
  // All of them are drawn, and no two are one photo.
  const [some, more] = [manyPictures(150), manyPictures(140, 150)];
  const all = some.length + more.length;
  await busy.setInputFiles("[data-testid=photo-input]", some);
  const build = newerBuild(stage);
  await lookForUpdate(idle);
  for (const tab of tabs) await tab.waitForSelector(OFFER);
  // The first ones may be done by now.
  await busy.setInputFiles("[data-testid=photo-input]", more);
  await idle.click(TAKE);
  await idle.waitForSelector(`${OFFER}[data-state=busy]`);
  const finished = (await cards(busy)).filter(({ state }) => state === "done").length;
  assert.ok(finished < all, "it was asked for in the midst of the batch");
  await settled(busy, all);
  for (const tab of tabs) assert.ok(await isSame(tab), "no tab was loaded again");
  await idle.click(TAKE);
  for (const tab of tabs) {
    await tab.waitForFunction(() => !globalThis.isSame && document.querySelector("[data-testid=engine]"));
    await modelState(tab, "ready");
    await status(tab, "ready");
    const names = await tab.evaluate(() => caches.keys());
    assert.deepEqual(names.sort(), [`model-${usual.sha256}`, `shell-${build}`]);
    assert.equal(await tab.locator(OFFER).count(), 0);
    clean(tab);
  }
}

async function retired(stage) {
  await (await stage.visit()).close();
  // As strict as the service worker makes it.
  const page = await stage.visit();
  await mark(page);
  const source = fileURLToPath(new URL("../../web/offline/retired.js", import.meta.url));
  const html = readFileSync(join(site, "index.html"), "utf8");
  stage.replaced.set("sw.js", readFileSync(source));
  const unmarked = html.replace('<meta name="service-worker" content="sw.js" />', "");
  assert.notEqual(unmarked, html);
  stage.replaced.set("", unmarked);
  await lookForUpdate(page);
  await page.waitForFunction(async () => {
    const names = await caches.keys();
    const registrations = await navigator.serviceWorker.getRegistrations();
    return names.length === 0 && registrations.length === 0;
  });
  assert.ok(await isSame(page), "the page was not loaded again");
  await status(page, "unavailable");
  await tagRight(page, expected.slice(0, 1));
  await page.reload();
  await modelState(page, "ready");
  await status(page, "unavailable");
  assert.equal(await page.evaluate(() => navigator.serviceWorker.controller), null);
  assert.deepEqual(await page.evaluate(() => caches.keys()), []);
  await tagRight(page, expected.slice(0, 1));
  clean(page);
}

/** The page looks for what was shared only when it is told to. */
function waitBeforeLooking() {
  const has = CacheStorage.prototype.has;
  const told = new Promise((resolve) => (globalThis.goOn = resolve));
  CacheStorage.prototype.has = async function (name) {
    globalThis.isWaiting = true;
    await told;
    return has.call(this, name);
  };
}

async function shared(stage) {
  await (await stage.visit()).close();
  // Another program, of which the browser knows the files only.
  const form = `<!doctype html><title>Another program</title>
    <form method="post" enctype="multipart/form-data" action="${stage.address}share">
      <input type="file" name="photos" multiple><button>Share</button></form>`;
  const program = await serve({}, (path) => (path === "/form.html" ? form : undefined));
  // The server has to know HTML by its name.
  stage.server.close();
  const page = await stage.browser.newPage();
  await page.addInitScript(waitBeforeLooking);
  await page.goto(`${program.origin}/form.html`);
  await page.setInputFiles("input", photos.slice(0, 2));
  await page.click("button");
  await page.waitForURL(`${stage.address}?shared`);
  await page.waitForFunction(() => globalThis.isWaiting);
  // Whatever the page loads it has, as browsers end no worker that is answering.
  await modelState(page, "ready");
  const debug = await stage.browser.newCDPSession(page);
  await debug.send("ServiceWorker.enable");
  await debug.send("ServiceWorker.stopAllWorkers");
  await page.evaluate(() => globalThis.goOn());
  await settled(page, 2);
  const shown = await cards(page);
  assert.deepEqual(shown.map(({ name }) => name), photos.slice(0, 2).map((photo) => basename(photo)));
  for (const [index, { state, text, scores }] of shown.entries()) {
    assert.equal(state, "done", text);
    const wanted = Object.values(expected[index].scores);
    assert.deepEqual(scores.map(Math.fround), wanted.map(Math.fround));
  }
  // They arrive once.
  await page.reload();
  await page.evaluate(() => globalThis.goOn());
  await modelState(page, "ready");
  await settled(page, 2);
  const waiting = await page.evaluate(async () => (await (await caches.open("shared")).keys()).length);
  assert.equal(waiting, 0);
  program.close();
}

await finish(SOME);
