// This engine as it ships: the page's workers, spoken to in the page's protocol.

export const OURS = {
  "Tagsight, relaxed SIMD": { load: (model) => start("relaxed", model) },
  "Tagsight, SIMD": { load: (model) => start("simd", model) },
  "Tagsight, WebGPU": { load: (model) => start("relaxed", model, "Always") },
};

/** `expected`: the scores that the scalar engine gives natively, by label. */
export function checkScores(name, scores, expected) {
  const wanted = Object.values(expected);
  const equal = scores.length === wanted.length &&
    scores.every((score, index) => Math.fround(score) === Math.fround(wanted[index]));
  if (!equal) throw new Error(`${name}: other scores than the scalar engine's`);
}

/** `gpu`: whether the graphics processor is to be used. */
async function start(build, model, gpu = "Never") {
  const worker = new Worker(`/worker-${build}/worker.js`, { type: "module" });
  const ask = (request, photo) => conversation(worker, [request, photo]);
  await conversation(worker);
  const { models } = await (await fetch("/models/manifest.json")).json();
  const file = models.find(({ name }) => name === model);
  const reply = await ask({ Load: { file, gpu } });
  if (!reply.Loaded) throw new Error(`worker-${build}: ${JSON.stringify(reply)}`);
  return {
    /** Every label's score, and what computed it. */
    async scores(photo) {
      const { Tagged } = await ask({ Tag: { id: 0 } }, photo);
      const { scores, engine } = Tagged.outcome.Ok;
      if ((gpu === "Always") !== (engine === "webgpu")) throw new Error(`${engine} tagged`);
      return scores;
    },
    /** Milliseconds of the network alone, by the worker's own clock. */
    async times(photo, runs) {
      return (await this.timings(photo, runs)).inference_millis;
    },
    /** Milliseconds of every step, by the worker's own clock. */
    async timings(photo, runs) {
      const { Timed } = await ask({ Time: { runs } }, photo);
      return Timed.Ok;
    },
  };
}

/** Sends a message, if one is given, and waits for the answer that is more than news. */
function conversation(worker, message) {
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    // A thumbnail comes with a reply, which nobody here looks at.
    worker.onmessage = ({ data: [reply] }) => {
      if (!reply.Loading && !reply.Runs) resolve(reply);
    };
    if (message) worker.postMessage(message);
  });
}
