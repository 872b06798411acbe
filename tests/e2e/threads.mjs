// Threads: a photo's layers are split over workers of the tagging worker, where the page is isolated.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../browser/driven.mjs";
import { headersOf, serve } from "../browser/serve.mjs";
import { closeClean, engine, hook, notice, open, openReady, tagRight } from "./page.mjs";

const THREADS = "?engine=wasm-threads";
const SCRIPT = "worker-threads/thread.js";
/** Has a thread hold a lock from when it is ready, so that the page can tell whether it is still there. */
const READY = 'postMessage("ready")';
const HELD = `navigator.locks.request("thread-" + Math.random(), () => {
  ${READY};
  return new Promise(() => {});
})`;

/** The site with the headers that isolate it. */
function isolated(site, replace = () => undefined) {
  const headers = headersOf(site);
  return serve({ "/": site }, (path, response) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    return replace(path, response);
  });
}

function threads(page) {
  return page.getAttribute(hook("engine"), "data-threads");
}

/** However many there are, they give the scores that one gives. */
export async function giveTheSameScores(browser, site, expected, say) {
  const server = await isolated(site);
  for (const count of ["1", "2", "3", "4"]) {
    const page = await openReady(browser, server.origin, `${THREADS}&threads=${count}`);
    assert.equal(await engine(page), "wasm-threads");
    assert.equal(await threads(page), count);
    const shown = await tagRight(page, expected);
    assert.deepEqual(shown.map(({ engine }) => engine), shown.map(() => "wasm-threads"));
    await closeClean(page);
    say(`${shown.length} photos on ${count}`);
  }
  server.close();
}

/** Whoever asks for nothing gets them where they can be had, and neither they nor their bytes elsewhere. */
export async function needIsolation(browser, site, expected) {
  const server = await isolated(site);
  const page = await openReady(browser, server.origin, "");
  assert.equal(await engine(page), "wasm-threads");
  await closeClean(page);
  server.close();

  const plain = await serve({ "/": site });
  const asked = await open(browser, plain.origin, "", { serviceWorkers: "block" });
  const fetched = [];
  asked.context().on("request", (request) => fetched.push(request.url()));
  await asked.goto(`${plain.origin}/${THREADS}`);
  await asked.waitForSelector(hook("model-status", "[data-state=ready]"), { state: "attached" });
  assert.equal(await engine(asked), "wasm-relaxed");
  assert.equal(await threads(asked), "1");
  assert.match(await notice(asked), /WebAssembly threads/);
  await tagRight(asked, expected.slice(0, 1));
  assert.ok(fetched.some((url) => url.includes("/worker-relaxed/")), "requests are seen");
  assert.deepEqual(fetched.filter((url) => url.includes("/worker-threads/")), []);
  await asked.context().close();
  plain.close();
}

/** No thread is there longer than its worker, and no worker longer than its page. */
export async function endWithTheirPage(browser, site) {
  const server = await isolated(site, (path) => {
    if (path !== `/${SCRIPT}`) return undefined;
    const script = readFileSync(join(site, SCRIPT), "utf8");
    assert.ok(script.includes(READY), "a thread says that it is ready");
    return script.replace(READY, HELD);
  });
  const context = await browser.newContext();
  const first = await watched(context, server.origin);
  await until(async () => (await held(first)).length === 3, "three threads");
  const before = await held(first);
  // Another worker takes the place of the first.
  await first.click(hook("settings-open"));
  await first.selectOption(hook("engine-select"), "processor");
  await until(async () => {
    const now = await held(first);
    return now.length === 3 && now.every((name) => !before.includes(name));
  }, "three other threads");
  const second = await context.newPage();
  await second.goto(`${server.origin}/icon.svg`);
  assert.equal((await held(second)).length, 3);
  await first.close();
  await until(async () => (await held(second)).length === 0, "no thread");
  await context.close();
  server.close();
}

async function watched(context, origin) {
  const page = await context.newPage();
  await page.goto(`${origin}/${THREADS}&threads=4`);
  await page.waitForSelector(hook("model-status", "[data-state=ready]"), { state: "attached" });
  return page;
}

async function held(page) {
  const { held } = await page.evaluate(() => navigator.locks.query());
  return held.map(({ name }) => name).filter((name) => name.startsWith("thread-"));
}

/** Threads that do not come are done without, and so is a worker that does not. */
export async function areDoneWithout(browser, site, expected) {
  const faults = [
    [`/${SCRIPT}`, "wasm-threads"],
    ["/worker-threads/worker.js", "wasm-relaxed"],
  ];
  for (const [broken, runs] of faults) {
    const server = await isolated(site, (path) =>
      path === broken ? 'throw new Error("broken on purpose");' : undefined,
    );
    const page = await openReady(browser, server.origin, `${THREADS}&threads=4`);
    assert.equal(await engine(page), runs);
    assert.equal(await threads(page), "1");
    await tagRight(page, expected.slice(0, 1));
    await page.context().close();
    server.close();
  }
}
