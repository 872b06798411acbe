// The peers behind one interface: `load(model)` gives `run(image) → logits`, where `image` holds
// the 224² RGB bytes, HWC. Turning them into the peer's own input happens outside of the timing.

import { loadAndCompile, loadLiteRt, Tensor } from "@litertjs/core";
import * as ort from "onnxruntime-web";

const SIDE = 224;

export const PEERS = {
  "LiteRT.js": { load: loadLiteRtModel },
  "onnxruntime-web": { load: loadOnnxModel },
};

let liteRt;

async function loadLiteRtModel(model) {
  liteRt ??= loadLiteRt("/node_modules/@litertjs/core/wasm/", { threads: false });
  await liteRt;
  const options = { accelerator: "wasm", cpuOptions: { numThreads: 1 } };
  const compiled = await loadAndCompile(`/models/${model}.tflite`, options);
  return {
    prepare: (image) => new Tensor(Float32Array.from(image, standardised), [1, SIDE, SIDE, 3]),
    async run(input) {
      const [output] = await compiled.run(input);
      const logits = output.toTypedArray().slice();
      output.delete();
      return logits;
    },
  };
}

/** LiteRT.js takes floats; about mean 0 and deviation 1, as the model expects. */
function standardised(byte) {
  return (byte - 128) / 64;
}

async function loadOnnxModel(model) {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = "/node_modules/onnxruntime-web/dist/";
  const session = await ort.InferenceSession.create(`/models/${model}.onnx`, {
    executionProviders: ["wasm"],
    graphOptimizationLevel: "all",
  });
  return {
    prepare: (image) => ({ image: new ort.Tensor("uint8", toChw(image), [1, 3, SIDE, SIDE]) }),
    run: async (input) => (await session.run(input)).logits.data,
  };
}

function toChw(hwc) {
  const chw = new Uint8Array(hwc.length);
  const pixels = hwc.length / 3;
  for (let index = 0; index < hwc.length; index += 1) {
    chw[(index % 3) * pixels + Math.floor(index / 3)] = hwc[index];
  }
  return chw;
}
