// This engine as it ships: the page's workers, spoken to in the page's protocol (web/protocol), whose
// messages are plain items one after the other: an enum's place, then its fields in their order.

import { pack, unpack } from "/site/plain.js";

/** Places of requests and replies, and of whether the graphics processor may be used. */
const REQUEST = { load: 0, tag: 1, time: 2 };
const REPLY = { loading: 1, loaded: 2, runs: 3, tagged: 5, timed: 6 };
const GPU = { Never: 0, Always: 2 };
/** How plain.js marks a list, behind which comes its length. */
const LIST = 6;

export const OURS = {
  "Tagsight, relaxed SIMD": { load: (model) => start("relaxed", model) },
  "Tagsight, 2 threads": { load: (model) => start("threads", model, { threads: 2 }) },
  "Tagsight, SIMD": { load: (model) => start("simd", model) },
  "Tagsight, WebGPU": { load: (model) => start("relaxed", model, { gpu: "Always" }) },
};

/** `expected`: the scores that the scalar engine gives natively, by label. */
export function checkScores(name, scores, expected) {
  const wanted = Object.values(expected);
  const equal = scores.length === wanted.length &&
    scores.every((score, index) => Math.fround(score) === Math.fround(wanted[index]));
  if (!equal) throw new Error(`${name}: other scores than the scalar engine's`);
}

/** `gpu`: whether the graphics processor is to be used; `threads`: how many are to compute a photo. */
async function start(build, model, { gpu = "Never", threads = 1 } = {}) {
  const worker = new Worker(`/site/worker-${build}/worker.js`, { type: "module" });
  const ask = (request, wanted, photo) => conversation(worker, wanted, [message(request), photo]);
  await conversation(worker);
  const { models } = await (await fetch("/site/models/manifest.json")).json();
  const { name, file, bytes, sha256 } = models.find(({ name }) => name === model);
  const load = [REQUEST.load, name, file, bytes, sha256, GPU[gpu], threads];
  const loaded = await ask(load, REPLY.loaded);
  if (loaded.at(-1) !== threads) throw new Error(`${loaded.at(-1)} threads instead of ${threads}`);
  return {
    /** Every label's score. */
    async scores(photo) {
      const [, isTagged, ...tagging] = await ask([REQUEST.tag, 0], REPLY.tagged, photo);
      if (!isTagged) throw new Error(`worker-${build}: ${JSON.stringify(tagging)}`);
      const [, , , , , scores, backend] = tagging;
      if ((gpu === "Always") !== (backend === "webgpu")) throw new Error(`${backend} tagged`);
      return new Float32Array(scores.buffer);
    },
    /** Milliseconds of the network alone, by the worker's own clock. */
    async times(photo, runs) {
      return (await this.timings(photo, runs)).inference_millis;
    },
    /** Milliseconds of every step, by the worker's own clock. */
    async timings(photo, runs) {
      const [isTimed, ...timings] = await ask([REQUEST.time, runs], REPLY.timed, photo);
      if (!isTimed) throw new Error(`worker-${build}: ${JSON.stringify(timings)}`);
      const [inference_millis, decode_millis, squash_millis] = timings;
      return { inference_millis, decode_millis, squash_millis };
    },
  };
}

/** A message's bytes. */
function message(items) {
  return new Uint8Array(items.flatMap((item) => [...pack(item)]));
}

/** The items of a message's bytes, and `undefined` behind them. */
function items(bytes) {
  const list = new Uint8Array([LIST, 0, 0, 0, 0, ...bytes]);
  new DataView(list.buffer).setUint32(1, bytes.length, true);
  return unpack(list);
}

/**
 * Sends a message, if one is given, and waits for the answer that is more than news; gives its items behind
 * its place, which has to be the `wanted` one, if one is.
 */
function conversation(worker, wanted, message) {
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    // A thumbnail comes with a reply, which nobody here looks at.
    worker.onmessage = ({ data: [bytes] }) => {
      const [place, ...rest] = items(bytes);
      if (place === REPLY.loading || place === REPLY.runs) return;
      if (wanted === undefined || place === wanted) resolve(rest);
      else reject(new Error(`reply ${place}: ${JSON.stringify(rest)}`));
    };
    if (message) worker.postMessage(message);
  });
}
