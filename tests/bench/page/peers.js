// The peers behind one interface: `load(model)` gives `run(image) → logits`, where `image` holds
// the 224² RGB bytes, HWC. Turning them into the peer's own input happens outside of the timing.

import { loadAndCompile, loadLiteRt, Tensor } from "@litertjs/core";
import * as ort from "onnxruntime-web";
import * as ortOnGpu from "onnxruntime-web/webgpu";

const SIDE = 224;

export const PEERS = {
  "LiteRT.js": { load: (model) => loadLiteRtModel(model, 1) },
  // In a page of its own, as a page loads one build of it.
  "LiteRT.js, 2 threads": { load: (model) => loadLiteRtModel(model, 2) },
  "onnxruntime-web": { load: loadOnnxModel },
  // It has no integer convolution on graphics devices; these are the types that it is fast with.
  "onnxruntime-web, WebGPU, float32": { load: (model) => loadOnGpu(model, "float32") },
  "onnxruntime-web, WebGPU, float16": { load: (model) => loadOnGpu(model, "float16") },
};

let liteRt;

async function loadLiteRtModel(model, numThreads) {
  liteRt ??= loadLiteRt("/node_modules/@litertjs/core/wasm/", { threads: numThreads > 1 });
  await liteRt;
  const options = { accelerator: "wasm", cpuOptions: { numThreads } };
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

/** For those that take floats: about mean 0 and deviation 1, as the model expects. */
function standardised(byte) {
  return (byte - 128) / 64;
}

async function loadOnnxModel(model) {
  const session = await onnxSession(ort, `${model}.onnx`, "wasm");
  return {
    prepare: (image) => ({ image: new ort.Tensor("uint8", toChw(image), [1, 3, SIDE, SIDE]) }),
    run: async (input) => (await session.run(input)).logits.data,
  };
}

async function loadOnGpu(model, type) {
  const session = await onnxSession(ortOnGpu, `${model}.${type}.onnx`, "webgpu");
  const Numbers = type === "float16" ? Float16Array : Float32Array;
  return {
    prepare(image) {
      const numbers = Numbers.from(toChw(image), standardised);
      return { "image.real": new ortOnGpu.Tensor(type, numbers, [1, 3, SIDE, SIDE]) };
    },
    run: async (input) => (await session.run(input)).logits.data,
  };
}

function onnxSession(runtime, file, provider) {
  runtime.env.wasm.numThreads = 1;
  runtime.env.wasm.wasmPaths = "/node_modules/onnxruntime-web/dist/";
  return runtime.InferenceSession.create(`/models/${file}`, {
    executionProviders: [provider],
    graphOptimizationLevel: "all",
  });
}

function toChw(hwc) {
  const chw = new Uint8Array(hwc.length);
  const pixels = hwc.length / 3;
  for (let index = 0; index < hwc.length; index += 1) {
    chw[(index % 3) * pixels + Math.floor(index / 3)] = hwc[index];
  }
  return chw;
}
