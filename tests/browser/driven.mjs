// A page of a browser that Playwright does not drive, with as many of Playwright's methods as the
// checks here use of them, so that these run in any browser.

import { setTimeout as sleep } from "node:timers/promises";

/** How long anything may take. */
export const PATIENCE_MS = 120_000;
const BETWEEN_LOOKS_MS = 50;
/** The key as WebDriver writes it, in either protocol. */
export const ENTER = "\uE007";

/** Looks again and again until `look` gives something, and gives that; in vain, it throws. */
export async function until(look, what, patience = PATIENCE_MS) {
  const end = performance.now() + patience;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(BETWEEN_LOOKS_MS);
  }
}

/**
 * Whoever extends it has `version`, `goto(address)`, `reload()`, `evaluate(work, argument)` with
 * `work` a function or its text, `setFiles(selector, paths)`, `click(selector)`,
 * `type(selector, text)` and `close()`; and `complaints`, if the driver tells of errors and violations.
 */
export class DrivenPage {
  waitForFunction(work, argument, { timeout } = {}) {
    const what = `${work} of ${JSON.stringify(argument)}`;
    return until(() => this.evaluate(work, argument), what, timeout);
  }

  waitForSelector(selector, { state = "attached" } = {}) {
    const is = (selector) => document.querySelector(selector) !== null;
    const isNot = (selector) => document.querySelector(selector) === null;
    return this.waitForFunction(state === "detached" ? isNot : is, selector);
  }

  /** As with Playwright, the page has heard of the files then. A driver may come back before. */
  async setInputFiles(selector, files) {
    await this.evaluate((selector) => {
      globalThis.hasChanged = false;
      const hear = () => (globalThis.hasChanged = true);
      document.querySelector(selector).addEventListener("change", hear, { once: true });
    }, selector);
    await this.setFiles(selector, files);
    await this.waitForFunction(() => globalThis.hasChanged);
  }

  $$eval(selector, work) {
    const read = `(selector) => (${work})([...document.querySelectorAll(selector)])`;
    return this.evaluate(read, selector);
  }

  async getAttribute(selector, name) {
    await this.waitForSelector(selector);
    const read = `(selector) => document.querySelector(selector).getAttribute("${name}")`;
    return this.evaluate(read, selector);
  }
}
