// Times every engine in turn, round by round, so that a busy moment of the machine hits all alike.

import { OURS, checkScores } from "./ours.js";
import { PEERS } from "./peers.js";

const SIDE = 224;
/** The browser compiles hot functions a second time, in the background: run that far. */
const WARM_UP_MS = 1500;
/** The engine before has thrown this one's weights out of the caches, so one run is not timed. */
const UNTIMED = 1;

/**
 * `names`: the engines. `expected`: the scores that the scalar engine gives the photo, by label.
 */
globalThis.bench = async (model, names, rounds, expected) => {
  const photo = await (await fetch("/models/photo.png")).blob();
  const engines = [];
  for (const name of names.filter((name) => name in OURS)) {
    const engine = await OURS[name].load(model);
    const check = async () => checkScores(name, await engine.scores(photo), expected);
    await check();
    engines.push({ name, times: [], check, time: () => engine.times(photo, UNTIMED + 1) });
  }
  for (const name of names.filter((name) => name in PEERS)) {
    const { prepare, run } = await PEERS[name].load(model);
    const input = prepare(noise(1));
    const check = () => checkPeer(name, run, input, prepare(noise(2)));
    await check();
    engines.push({ name, times: [], check, time: () => stopwatch(() => run(input)) });
  }
  for (const { time } of engines) await warmUp(time);
  for (let round = 0; round < rounds; round += 1) {
    for (const { time, times } of rotated(engines, round)) times.push((await time())[UNTIMED]);
  }
  // What was right at first and is not any more was not worth timing either.
  for (const { check } of engines) await check();
  return Object.fromEntries(engines.map(({ name, times }) => [name, times]));
};

/** An engine that answers the same whatever it sees has not computed anything worth timing. */
async function checkPeer(name, run, input, otherInput) {
  const logits = Float32Array.from(await run(input));
  const other = Float32Array.from(await run(otherInput));
  if (logits.length !== 80 || !logits.every(Number.isFinite)) {
    throw new Error(`${name}: ${logits.length} logits, some maybe not finite`);
  }
  if (logits.every((logit, index) => logit === other[index])) {
    throw new Error(`${name}: two images gave the same logits`);
  }
}

async function stopwatch(run) {
  const times = [];
  for (let index = 0; index <= UNTIMED; index += 1) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times;
}

async function warmUp(time) {
  const start = performance.now();
  while (performance.now() - start < WARM_UP_MS) await time();
}

function rotated(items, by) {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
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
