// Tagsight for other pages: photos in, tags out, in a worker of its own. It is the page's worker, spoken to in
// the page's protocol (web/protocol): messages are plain items one after the other, an enum's place and then
// its fields in their order. tagsight.d.ts says what there is.

import { pack, unpackAll } from "./plain.js";

/** Of the protocol; a worker of another build is refused. */
const VERSION = 6;
/** Places of requests and replies. */
const REQUEST = { load: 0, tag: 1, explain: 3 };
const REPLY = { started: 0, loading: 1, loaded: 2, runs: 3, loadFailed: 4, tagged: 5, explained: 7 };

/** Fastest first: a module of one function that uses what the build needs. */
const BUILDS = [
  ["wasm-relaxed", "worker-relaxed/worker.js", "AGFzbQEAAAABBQFgAAF7AwIBAAoPAQ0AQQD9D0EA/Q/9gAIL"],
  ["wasm-simd", "worker-simd/worker.js", "AGFzbQEAAAABBQFgAAF7AwIBAAoIAQYAQQD9Dws="],
];
/** Whether the graphics processor may be used: a build's name, and place in the protocol. */
const ENGINES = { processor: 0, automatic: 1, graphics: 2 };

const STEPS = ["sure", "balanced", "more"];
/** Why a photo, or a model, is refused, in the protocol's order. */
const PHOTO = [
  "empty",
  "not-a-photo",
  "unsupported",
  "too-large",
  "too-long",
  "damaged",
  "file-too-large",
  "unreadable",
  "crashed",
  "no-model",
  "no-file",
  "no-decoder",
  "graphics",
];
const MODEL = ["missing", "network", "altered", "memory", "unusable", "no-tags"];
const PLACES = ["upper left", "upper middle", "upper right", "left", "centre", "right", "lower left", "lower middle", "lower right"];

/** Files larger than this are refused unread, as on the page. */
const MAX_PHOTO_BYTES = 200 * 2 ** 20;

export class TagsightError extends Error {
  name = "TagsightError";

  constructor(code, message, detail = []) {
    super(message);
    this.code = code;
    this.detail = detail;
  }
}

export class Tagger {
  #worker;
  #model;
  #engine;
  /** Ends with what was asked last: the worker has one photo at a time. */
  #queue = Promise.resolve();
  /** Who waits for the worker's answer. */
  #waiting;
  #closed;
  #onprogress;

  /** Use `Tagger.load`. */
  constructor(worker, onprogress) {
    this.#worker = worker;
    this.#onprogress = onprogress;
    worker.onmessage = ({ data: [bytes, file] }) => this.#hear(unpackAll(bytes), file);
    worker.onmessageerror = () => this.#end("crashed", "the worker said what cannot be read");
    worker.onerror = (event) => {
      event.preventDefault?.();
      this.#end("crashed", `the worker stopped: ${event.message || "its script could not be loaded"}`);
    };
  }

  static async load(url, { engine = "processor", onprogress } = {}) {
    const forced = BUILDS.find(([name]) => name === engine);
    if (!forced && !Object.hasOwn(ENGINES, engine)) {
      const names = [...Object.keys(ENGINES), ...BUILDS.map(([name]) => name)];
      throw new TypeError(`there is no engine "${engine}", only ${names.join(", ")}`);
    }
    const build = (forced ? [forced] : BUILDS).find(([, , probe]) => WebAssembly.validate(bytesOf(probe)));
    if (!build) throw new TagsightError("old-browser", `this browser does not run ${forced ? engine : "WebAssembly SIMD"}`);
    const file = await described(url);
    const tagger = new Tagger(started(build[1]), onprogress);
    try {
      await tagger.#start(file, ENGINES[engine] ?? ENGINES.processor);
    } catch (error) {
      tagger.close();
      throw error;
    }
    return tagger;
  }

  async #start({ name, address, bytes, sha256 }, gpu) {
    const [, version] = await this.#answer(REPLY.started);
    if (version !== VERSION) throw new TagsightError("two-builds", "tagsight.js and its worker are of two builds: copy all of its files");
    const answer = this.#answer(REPLY.loaded);
    // These builds have one thread.
    this.#send([REQUEST.load, name, address, bytes, sha256, gpu, 1]);
    const [of, digest, size, labels, sure, balanced, more, atLeast] = await answer;
    const thresholds = Object.fromEntries([sure, balanced, more].map((list, step) => [STEPS[step], floats(list)]));
    this.#model = { name: of, sha256: digest, bytes: size, labels, thresholds, givesBest: atLeast === 1 };
  }

  get labels() {
    return [...this.#model.labels];
  }

  get model() {
    const { name, sha256, bytes } = this.#model;
    return { name, sha256, bytes };
  }

  get engine() {
    return this.#engine;
  }

  async tag(photo, { step = "balanced" } = {}) {
    if (!STEPS.includes(step)) throw new TypeError(`there is no step "${step}", only ${STEPS.join(", ")}`);
    const scores = await this.#scores(photo);
    const { labels, thresholds, givesBest } = this.#model;
    const best = givesBest ? Math.max(...scores) : Infinity;
    const tags = labels.map((label, at) => ({ label, score: scores[at] }));
    const given = tags.filter(({ score }, at) => score >= Math.min(thresholds[step][at], best));
    return given.sort((left, right) => right.score - left.score);
  }

  async scores(photo) {
    const scores = await this.#scores(photo);
    return Object.fromEntries(this.#model.labels.map((label, at) => [label, scores[at]]));
  }

  async heatmap(photo, label) {
    const number = this.#model.labels.indexOf(label);
    if (number < 0) throw new TypeError(`the model has no label "${label}"`);
    const { items, file } = await this.#ask([REQUEST.explain, 0, number], REPLY.explained, photo);
    const [score, columns, shares, place] = items;
    const peak = shares.indexOf(shares.reduce((most, share) => Math.max(most, share), -Infinity));
    const rows = shares.length / columns;
    return {
      label,
      score,
      columns,
      rows,
      shares: Int32Array.from(shares),
      peak: [((peak % columns) + 0.5) / columns, (Math.floor(peak / columns) + 0.5) / rows],
      place: PLACES[place] ?? null,
      picture: file ?? null,
    };
  }

  close() {
    this.#end("closed", "the tagger was closed");
  }

  async #scores(photo) {
    const { items } = await this.#ask([REQUEST.tag, 0], REPLY.tagged, photo);
    const [, , , , , scores, backend] = items;
    this.#engine = backend;
    return floats(scores);
  }

  /** Asks about a photo once all that was asked before is answered; gives the answer behind its outcome. */
  #ask(request, wanted, photo) {
    const asked = this.#queue.then(async () => {
      const blob = await blobOf(photo);
      if (blob.size > MAX_PHOTO_BYTES) throw refused([PHOTO.indexOf("file-too-large"), blob.size]);
      const answer = this.#answer(wanted);
      this.#send(request, blob);
      const [, isThere, ...items] = await answer;
      if (!isThere) throw refused(items);
      return { items, file: answer.file };
    });
    this.#queue = asked.catch(() => {});
    return asked;
  }

  #send(items, blob) {
    const message = items.map((item) => pack(item));
    const bytes = new Uint8Array(message.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const item of message) {
      bytes.set(item, at);
      at += item.length;
    }
    this.#worker.postMessage([bytes, blob]);
  }

  /** The next answer that is not news: its items behind its place, which is the `wanted` one. */
  #answer(wanted) {
    if (this.#closed) return Promise.reject(this.#closed);
    const waiting = { wanted };
    const answer = new Promise((resolve, reject) => Object.assign(waiting, { resolve, reject }));
    waiting.tell = (items, file) => {
      answer.file = file;
      waiting.resolve(items);
    };
    this.#waiting = waiting;
    return answer;
  }

  #hear([place, ...items], file) {
    if (place === REPLY.loading) return this.#onprogress?.({ received: items[0], total: items[1] });
    if (place === REPLY.runs) {
      [this.#engine] = items;
      return;
    }
    if (place === REPLY.started) [this.#engine] = items;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (place === waiting?.wanted) waiting.tell(items, file);
    else if (place === REPLY.loadFailed) {
      const [reason, ...detail] = items;
      waiting?.reject(new TagsightError(MODEL[reason], `the model cannot be used: ${MODEL[reason]} ${detail.join(" ")}`.trim(), detail));
    } else waiting?.reject(new TagsightError("two-builds", `the worker answered what was not asked: ${place}`));
  }

  #end(code, message) {
    this.#closed ??= new TagsightError(code, message);
    this.#worker.terminate();
    this.#waiting?.reject(this.#closed);
    this.#waiting = undefined;
  }
}

/** What a model's card says of its file. `url` is the model's folder, or its card. */
async function described(url) {
  const folder = new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href);
  if (!folder.pathname.endsWith(".json")) {
    if (!folder.pathname.endsWith("/")) folder.pathname += "/";
    folder.pathname += "card.json";
  }
  let response;
  try {
    response = await fetch(folder, { cache: "no-cache" });
  } catch (error) {
    throw new TagsightError("network", `${folder} could not be fetched: ${error.message}`);
  }
  if (!response.ok) throw new TagsightError("missing", `${folder}: status ${response.status}`);
  const card = await response.json().catch(() => ({}));
  const { name, file, bytes, sha256 } = card;
  if (![name, file, sha256].every((text) => typeof text === "string") || typeof bytes !== "number") {
    throw new TagsightError("unusable", `${folder} is no card of a model`);
  }
  return { name, bytes, sha256, address: new URL(file, folder).href };
}

/** Admits the workers, which lie beside this script. A page that demands Trusted Types admits this policy. */
const RULES = {
  createScriptURL(script) {
    if (BUILDS.some(([, known]) => known === script)) return new URL(script, import.meta.url).href;
    throw new TypeError(`${script} is no worker of the tagger's`);
  },
};
let policy;

function started(script) {
  policy ??= globalThis.trustedTypes?.createPolicy("tagsight", RULES) ?? RULES;
  return new Worker(policy.createScriptURL(script), { type: "module" });
}

/** A photo as a file. Pixels become a PNG, which loses nothing. */
async function blobOf(photo) {
  if (photo instanceof Blob) return photo;
  const isBitmap = photo instanceof ImageBitmap;
  if (!isBitmap && !(photo instanceof ImageData)) {
    throw new TypeError("a photo is a Blob, an ImageBitmap or an ImageData");
  }
  const canvas = new OffscreenCanvas(photo.width, photo.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (isBitmap) context.drawImage(photo, 0, 0);
  else context.putImageData(photo, 0, 0);
  return canvas.convertToBlob({ type: "image/png" });
}

function refused([reason, ...detail]) {
  const code = PHOTO[reason] ?? "unknown";
  const words = detail.filter((item) => typeof item === "string" && item).join(": ");
  return new TagsightError(code, `the photo was refused: ${code}${words && ` (${words})`}`, detail);
}

/** Little-endian, as every browser is. */
function floats(bytes) {
  return new Float32Array(bytes.slice().buffer);
}

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
