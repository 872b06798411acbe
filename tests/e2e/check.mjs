// Runs checks, a few at a time, and says how each went.

import { availableParallelism } from "node:os";

/** A page waits for its worker, a worker for its page: two checks keep two cores busy. */
export const SOME = Math.max(1, Math.min(3, availableParallelism()));
/** A busy machine may be so many times as slow as is meant. */
export const GENEROUS = 5;
const checks = [];

/** For daily work: only checks with this in their names. */
const ONLY = process.env.TAGSIGHT_CHECKS ?? "";

/** Adds a check; one that throws has failed. It must share nothing that it changes with others. */
export function check(what, run) {
  if (what.includes(ONLY)) checks.push({ what, run });
  else console.log(`left out  ${what}`);
}

/** Runs all checks, `atATime`, and ends the process, which fails if one did. */
export async function finish(atATime, tidyUp = () => {}) {
  const waiting = checks.values();
  let failures = 0;
  const work = async () => {
    for (const { what, run } of waiting) {
      // In one expression the sum would be of before the wait, and the other checks' failures lost.
      if (!(await passes(what, run))) failures += 1;
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  await tidyUp();
  console.log(`${checks.length - failures} checks passed, ${failures} failed`);
  process.exit(failures || checks.length === 0 ? 1 : 0);
}

async function passes(what, run) {
  const start = performance.now();
  // Lines of checks that run side by side stay together.
  const notes = [];
  const say = (note) => notes.push(`        ${note}`);
  try {
    await run(say);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log([...notes, `ok      ${what} (${seconds} s)`].join("\n"));
    return true;
  } catch (error) {
    console.log([...notes, `FAILED  ${what}`, error.stack].join("\n"));
    return false;
  }
}
