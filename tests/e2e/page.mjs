// The page through its hooks, watched for everything that it must not do.

import assert from "node:assert/strict";
import { basename } from "node:path";
import { PATIENCE_MS } from "../browser/driven.mjs";
import { twins } from "./twins.mjs";

/** A selector for what has a hook. */
export const hook = (name, rest = "") => `[data-testid=${name}]${rest}`;

/** Opens the site in a context of its own; see `openIn`. */
export async function open(browser, origin, query, options = {}, prepare = () => {}) {
  return openIn(await browser.newContext(options), origin, query, prepare);
}

/**
 * Opens the site in a new tab; `page.complaints` collects console errors, uncaught errors, violations
 * of the content security policy and requests to other origins. `prepare` runs in the page before its
 * own scripts.
 */
export async function openIn(context, origin, query, prepare = () => {}) {
  const page = await context.newPage();
  const complaints = [];
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    const local = url.origin === origin || ["blob:", "data:"].includes(url.protocol);
    if (!local) complaints.push(`request: ${request.url()}`);
  });
  await page.exposeFunction("reportViolation", (what) => complaints.push(`CSP: ${what}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) =>
      globalThis.reportViolation(`${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  await page.addInitScript(prepare);
  await page.goto(`${origin}/${query}`);
  return Object.assign(page, { complaints });
}

/** Opens the site and waits for its model, which must come. */
export async function openReady(browser, origin, query = "", options = {}, prepare = undefined) {
  const page = await open(browser, origin, query, options, prepare);
  assert.equal(await modelState(page, "ready", "failed", "missing"), "ready");
  return page;
}

/** Loads the page anew and waits until so many photos are there. */
export async function reload(page, count) {
  await page.reload();
  await page.waitForFunction(
    ([card, count]) => document.querySelectorAll(card).length >= count,
    [hook("photo-card"), count],
  );
}

export async function modelState(page, ...states) {
  const anyOf = states.map((state) => hook("model-status", `[data-state=${state}]`)).join();
  await page.waitForSelector(anyOf, { state: "attached" });
  return page.getAttribute(hook("model-status"), "data-state");
}

/** Chooses files (paths, or `{ name, mimeType, buffer }`) and waits until all are done with. */
export async function tag(page, files) {
  await page.setInputFiles(hook("photo-input"), files);
  await idle(page, files.length);
}

/** Waits until there are `count` photos and all are done with. */
export async function settled(page, count) {
  await page.waitForFunction(
    ([card, count]) => {
      const states = [...document.querySelectorAll(card)].map((node) => node.dataset.state);
      const over = states.filter((state) => state === "done" || state === "failed");
      return states.length === count && over.length === count;
    },
    [hook("photo-card"), count],
    { timeout: PATIENCE_MS + count * 2000 },
  );
}

/** Waits until nothing waits or is at work; `count` says how long that may take. */
function idle(page, count) {
  return page.waitForFunction(
    (cancel) => !document.querySelector(cancel),
    hook("batch-cancel"),
    { timeout: PATIENCE_MS + count * 2000 },
  );
}

/**
 * Tags the photos that `expected` names and compares: a card each, with the scores and tags that
 * `trainer tag` gave. Gives the cards, in the order of `expected`. Files that are one photo have one
 * card, which is the last one's.
 */
export async function tagRight(page, expected) {
  await tag(page, expected.map(({ photo }) => photo));
  const shown = new Map((await cards(page)).map((card) => [card.name, card]));
  const photos = twins(expected.map(({ photo }) => photo));
  const last = new Set(photos.map((files) => files.at(-1)));
  const compared = expected.filter(({ photo }) => last.has(photo));
  for (const { photo, scores, tags } of compared) {
    const card = shown.get(basename(photo));
    assert.ok(card, `${photo} has no card`);
    assert.equal(card.state, "done", card.text);
    // Both sides print the shortest decimal of the same f32.
    assert.deepEqual(card.scores.map(Math.fround), Object.values(scores).map(Math.fround), photo);
    assert.deepEqual(card.tags.map(({ label }) => label), tags.map(({ label }) => label), photo);
  }
  return compared.map(({ photo }) => shown.get(basename(photo)));
}

/** Ends a page that must not have done anything wrong. */
export async function closeClean(page) {
  assert.deepEqual(page.complaints, [], "nothing to complain about");
  await page.context().close();
}

/** What the page shows of every photo. */
export function cards(page) {
  return page.$$eval(hook("photo-card"), (nodes) =>
    nodes.map((node) => ({
      name: node.dataset.name,
      state: node.dataset.state,
      model: node.dataset.model,
      engine: node.dataset.engine,
      decoder: node.dataset.decoder,
      scores: JSON.parse(node.dataset.scores ?? "null"),
      text: node.textContent,
      tags: [...node.querySelectorAll("[data-testid=tag]")].map((tag) => ({
        label: tag.dataset.label,
        score: Number(tag.dataset.score),
        source: tag.dataset.source,
      })),
    })),
  );
}

export function engine(page) {
  return page.getAttribute(hook("engine"), "data-engine");
}

/** Waits until `name` is what tags. */
export async function waitForEngine(page, name) {
  await page.waitForSelector(hook("engine", `[data-engine=${name}]`));
}

/** Does something in the settings, which are open only meanwhile. */
export async function inSettings(page, act) {
  await page.click(hook("settings-open"));
  const result = await act(page);
  await page.click(hook("settings-close"));
  await page.waitForSelector(hook("settings"), { state: "detached" });
  return result;
}

/** Waits until the page says why that tags; gives its words. */
export function why(page) {
  const words = page.locator(hook("engine-why")).filter({ hasText: /./ });
  return inSettings(page, () => words.textContent());
}

/** What the page has to say, or null. */
export async function notice(page) {
  const shown = page.locator(hook("notice"));
  return (await shown.count()) ? shown.first().textContent() : null;
}

export function chosenModel(page) {
  return inSettings(page, () => page.inputValue(hook("model-select")));
}

export function chooseModel(page, name) {
  return inSettings(page, () => page.selectOption(hook("model-select"), name));
}

export function chosenEngine(page) {
  return inSettings(page, () => page.inputValue(hook("engine-select")));
}

export function chooseEngine(page, name) {
  return inSettings(page, () => page.selectOption(hook("engine-select"), name));
}

export async function wasmBytes(page) {
  return Number(await page.getAttribute(hook("engine"), "data-wasm-bytes"));
}

export function errorShown(page) {
  return page.locator(hook("app-error")).isVisible();
}

export function errorText(page) {
  return page.locator(hook("app-error")).textContent();
}
