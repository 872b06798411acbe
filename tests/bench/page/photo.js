// Times the way from a camera's JPEG to the network's input: this engine's, and the browser's own.

import { OURS, checkScores } from "./ours.js";

const SIDE = 224;
const MODEL = "resnet18";
const ENGINE = "Tagsight, relaxed SIMD";
const UNTIMED = 1;

/** `expected`: the scores that the scalar engine gives the photo natively, by label. */
globalThis.benchPhoto = async (rounds, expected) => {
  const photo = await (await fetch("/models/camera.jpg")).blob();
  const ours = await OURS[ENGINE].load(MODEL);
  checkScores(ENGINE, await ours.scores(photo), expected);
  const parts = { decode: [], squash: [], inference: [] };
  const whole = { [ENGINE]: [], createImageBitmap: [] };
  for (let round = 0; round < rounds; round += 1) {
    const turns = [() => timeOurs(ours, photo, parts, whole[ENGINE]), () => timeBrowsers(photo, whole)];
    if (round % 2) turns.reverse();
    for (const turn of turns) await turn();
  }
  return { ...whole, ...parts };
};

async function timeOurs(ours, photo, parts, whole) {
  const { decode_millis, squash_millis, inference_millis } = await ours.timings(photo, UNTIMED + 1);
  parts.decode.push(decode_millis[UNTIMED]);
  parts.squash.push(squash_millis[UNTIMED]);
  parts.inference.push(inference_millis[UNTIMED]);
  whole.push(decode_millis[UNTIMED] + squash_millis[UNTIMED]);
}

/** As pages do it that leave decoding to the browser: scaled down, drawn, read back. */
async function timeBrowsers(photo, whole) {
  for (let run = 0; run <= UNTIMED; run += 1) {
    const start = performance.now();
    const size = { resizeWidth: SIDE, resizeHeight: SIDE, resizeQuality: "medium" };
    const bitmap = await createImageBitmap(photo, size);
    const context = new OffscreenCanvas(SIDE, SIDE).getContext("2d", { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, SIDE, SIDE);
    bitmap.close();
    if (run === UNTIMED) whole.createImageBitmap.push(performance.now() - start);
    if (data.every((level) => level === data[0])) throw new Error("createImageBitmap gave one colour");
  }
}
