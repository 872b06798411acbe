// What Lighthouse says of the built site on a phone.
//
//   audit.mjs SITE ROUNDS
//
// The site is served as hosts do it: compressed, with the headers of its own `_headers`. Each round is a
// first visit in a browser of its own. What was found wrong fails, in any round; the performance is
// the median of the rounds, and its limit far below what is meant, so that a busy machine does not fail it.

import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { FLAGS, executable } from "../browser/executable.mjs";
import { headersOf, serve } from "../browser/serve.mjs";

const [site, rounds] = process.argv.slice(2);
const WHOLE = ["accessibility", "best-practices"];
/** What is meant is 0.95. */
const PERFORMANCE = 0.5;
/** Now and then a browser's trace of itself is of no use, which says nothing of the site. */
const TRIES = 3;
/** What hosts compress. */
const COMPRESSED = [".css", ".html", ".js", ".json", ".svg", ".wasm", ".webmanifest"];

const headers = headersOf(site);
const server = await serve({ "/": site }, asHost);
const measured = [];
for (let round = 0; round < Number(rounds); round += 1) {
  const { performance, problems } = await audit();
  assert.deepEqual(problems, []);
  measured.push(performance);
}
server.close();
measured.sort((left, right) => left - right);
console.log(`performance ${measured.join(", ")}; ${WHOLE.join(" and ")} 1 in every round`);
assert.ok(measured[measured.length >> 1] >= PERFORMANCE);

/** A file as a host gives it; `undefined` where that is as it lies there. */
function asHost(path, response) {
  for (const [name, value] of headers) response.setHeader(name, value);
  const file = join(site, path.endsWith("/") ? `${path}index.html` : path);
  const isCompressed = COMPRESSED.includes(extname(file));
  if (!isCompressed || !statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
  response.setHeader("Content-Encoding", "gzip");
  return gzipSync(readFileSync(file));
}

/** A first visit: how fast, and what is not as it should be. */
async function audit(tries = TRIES) {
  const chromium = await launch({ chromePath: executable(), chromeFlags: ["--headless", ...FLAGS] });
  try {
    const options = { port: chromium.port, logLevel: "error", output: "json" };
    const { lhr } = await lighthouse(`${server.origin}/`, options);
    if (lhr.runtimeError && tries > 1) return await audit(tries - 1);
    const { performance, ...others } = lhr.categories;
    const problems = WHOLE.filter((name) => others[name].score !== 1).flatMap((name) => failed(lhr, name));
    const { score, details } = lhr.audits["errors-in-console"];
    if (score !== 1) problems.push(...details.items.map(({ description }) => `console: ${description}`));
    if (lhr.runtimeError) problems.push(`${lhr.runtimeError.code}: ${lhr.runtimeError.message}`);
    return { performance: performance.score, problems };
  } finally {
    await chromium.kill();
  }
}

/** The audits that keep a category from being whole, in words. */
function failed(lhr, category) {
  const counted = lhr.categories[category].auditRefs.filter(({ weight }) => weight > 0);
  const audits = counted.map(({ id }) => lhr.audits[id]);
  return audits.filter(({ score }) => score !== null && score < 1).map(({ title }) => `${category}: ${title}`);
}
