// A site with pages that note what they complain about, for browsers whose drivers do not tell.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { serve } from "../browser/serve.mjs";

/** Where the notes are: in the session's storage, so that a reload keeps them. */
const NOTES = "complaints";

/** Serves `site`, each of whose pages starts with `watch`; its service worker knows them so. */
export async function serveWatched(site) {
  const page = readFileSync(join(site, "index.html"), "utf8");
  // A file of its own, as the content security policy allows no inline script.
  const watched = put(page, "<title>", '<script src="watch.js"></script>');
  const script = `(${watch})(${JSON.stringify(NOTES)});`;
  const worker = readFileSync(join(site, "sw.js"), "utf8").replaceAll(digest(page), digest(watched));
  const replaced = {
    "/": watched,
    "/index.html": watched,
    "/sw.js": put(worker, `"index.html":"${digest(watched)}"`, `"watch.js":"${digest(script)}",`),
    "/watch.js": script,
  };
  return serve({ "/": site }, (path) => replaced[path]);
}

/** Puts `what` before the one `place` in `text`. */
function put(text, place, what) {
  assert.equal(text.split(place).length, 2, `one ${place}`);
  return text.replace(place, what + place);
}

/** What pages of this session complained about so far. */
export async function noted(page) {
  return JSON.parse((await page.evaluate((notes) => sessionStorage.getItem(notes), NOTES)) ?? "[]");
}

function digest(text) {
  return createHash("sha256").update(text).digest("base64");
}

/** Runs in the page, before its own scripts. */
function watch(notes) {
  const note = (what) => {
    const before = JSON.parse(sessionStorage.getItem(notes) ?? "[]");
    sessionStorage.setItem(notes, JSON.stringify([...before, what]));
  };
  const { error } = console;
  console.error = (...words) => {
    note(`console: ${words.join(" ")}`);
    error(...words);
  };
  addEventListener("error", ({ message }) => note(`uncaught: ${message}`));
  addEventListener("unhandledrejection", ({ reason }) => note(`uncaught: ${reason}`));
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    note(`CSP: ${violatedDirective} ${blockedURI}`),
  );
}
