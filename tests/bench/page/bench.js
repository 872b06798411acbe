// Times every engine in turn, round by round, so that a busy moment of the machine hits all alike.

import { ENGINES } from "./ours.js";
import { PEERS } from "./peers.js";

const SIDE = 224;
// The browser compiles a module's hot functions a second time, in the background: run that far.
const WARM_UP_MS = 1500;

globalThis.bench = async (model, rounds) => {
  const image = noise(1);
  const engines = [];
  for (const [name, { load }] of Object.entries({ ...ENGINES, ...PEERS })) {
    const { prepare, run } = await load(model);
    const input = prepare(image);
    await check(name, run, input, prepare(noise(2)));
    engines.push({ name, run: () => run(input), times: [] });
  }
  for (const { run } of engines) await warmUp(run);
  for (let round = 0; round < rounds; round += 1) {
    for (const { run, times } of rotated(engines, round)) {
      // The engine before has thrown this one's weights out of the caches.
      await run();
      const start = performance.now();
      await run();
      times.push(performance.now() - start);
    }
  }
  return Object.fromEntries(engines.map(({ name, times }) => [name, summary(times)]));
};

/** An engine that answers the same whatever it sees has not computed anything worth timing. */
async function check(name, run, input, otherInput) {
  const logits = Float32Array.from(await run(input));
  const other = Float32Array.from(await run(otherInput));
  if (logits.length !== 80 || !logits.every(Number.isFinite)) {
    throw new Error(`${name}: ${logits.length} logits, some maybe not finite`);
  }
  if (logits.every((logit, index) => logit === other[index])) {
    throw new Error(`${name}: two images gave the same logits`);
  }
}

async function warmUp(run) {
  const start = performance.now();
  while (performance.now() - start < WARM_UP_MS) await run();
}

function rotated(items, by) {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

function summary(times) {
  const sorted = times.toSorted((left, right) => left - right);
  return { median_ms: sorted[Math.floor(sorted.length / 2)], min_ms: sorted[0] };
}

/** RGB bytes of an image that is the same in every run (xorshift32). */
function noise(seed) {
  let state = seed;
  return Uint8Array.from({ length: SIDE * SIDE * 3 }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 255;
  });
}
