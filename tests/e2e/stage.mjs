// A site and a browser of which either can be ended and started again: the server comes back under the
// same address, the browser with the same profile.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchProfile } from "../browser/chromium.mjs";
import { serve } from "../browser/serve.mjs";
import { modelState, openIn } from "./page.mjs";

/** The site is not at the root, as on GitHub Pages. */
const PATH = "/some/folder/";
const STATUS = "[data-testid=offline-status]";

export class Stage {
  /** Path below the site's folder → other bytes. */
  replaced = new Map();
  /** Paths of files of which the next answer is cut. */
  cut = new Set();
  port = 0;

  constructor(site) {
    this.site = site;
  }

  async start() {
    this.profile = mkdtempSync(join(tmpdir(), "tagsight-"));
    await this.startServer();
    await this.startBrowser();
  }

  async end() {
    await this.browser?.close();
    this.server.close();
    rmSync(this.profile, { recursive: true, force: true });
  }

  async startServer() {
    const replace = (path) => {
      const inside = path.slice(PATH.length);
      if (this.cut.delete(inside)) return readFileSync(join(this.site, inside)).subarray(0, 1000);
      return this.replaced.get(inside);
    };
    this.server = await serve({ [PATH]: this.site }, replace, this.port);
    this.port = this.server.port;
  }

  async startBrowser() {
    this.browser = await launchProfile(this.profile);
  }

  get address() {
    return `${this.server.origin}${PATH}`;
  }

  /** Opens the page and waits until it can tag. */
  async open(query = "", prepare) {
    const page = await openIn(this.browser, this.server.origin, `${PATH.slice(1)}${query}`, prepare);
    assert.equal(await modelState(page, "ready", "failed", "missing"), "ready");
    return page;
  }

  /** Opens the page and waits until it is on the device. */
  async visit() {
    const page = await this.open();
    await status(page, "ready");
    return page;
  }
}

/** Waits for a state of use without a network. */
export function status(page, state) {
  return page.waitForSelector(`${STATUS}[data-state=${state}]`, { state: "attached" });
}
