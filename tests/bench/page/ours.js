// This engine as it ships: the page's workers, spoken to in the page's protocol.

export const OURS = {
  "Tagsight, relaxed SIMD": { load: (model) => start("relaxed", model) },
  "Tagsight, SIMD": { load: (model) => start("simd", model) },
};

async function start(build, model) {
  const worker = new Worker(`/worker-${build}/worker.js`, { type: "module" });
  const ask = (request, photo) => conversation(worker, [request, photo]);
  await conversation(worker);
  const { models } = await (await fetch("/models/manifest.json")).json();
  const file = models.find(({ name }) => name === model);
  const reply = await ask({ Load: { file, gpu: "Never" } });
  if (!reply.Loaded) throw new Error(`worker-${build}: ${JSON.stringify(reply)}`);
  return {
    /** Every label's score. */
    async scores(photo) {
      const { Tagged } = await ask({ Tag: { id: 0 } }, photo);
      return Tagged.outcome.Ok.scores;
    },
    /** Milliseconds of the network alone, by the worker's own clock. */
    async times(photo, runs) {
      const { Timed } = await ask({ Time: { runs } }, photo);
      return Timed.Ok.inference_millis;
    },
  };
}

/** Sends a message, if one is given, and waits for the answer that is more than progress. */
function conversation(worker, message) {
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => {
      if (!data.Loading) resolve(data);
    };
    if (message) worker.postMessage(message);
  });
}
