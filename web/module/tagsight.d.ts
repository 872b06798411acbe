/** Tagsight as a module: tags for photos, on the device they are on. */

/** What tags: a choice, or one of the worker's builds. */
export type Engine =
  /** The processor, by the fastest build that the browser runs. */
  | "processor"
  /** The graphics processor where it is faster, the processor otherwise. */
  | "automatic"
  /** The graphics processor wherever it computes what the processor does. */
  | "graphics"
  | "wasm-relaxed"
  | "wasm-simd";

/** How sure tags are to be: few and right, or many. */
export type Step = "sure" | "balanced" | "more";

/** JPEG, PNG, WebP and what else the browser shows; or pixels, which are taken as they are. */
export type Photo = Blob | ImageBitmap | ImageData;

export interface LoadOptions {
  /** `"processor"` unless given. */
  engine?: Engine;
  /** Hears how many bytes of the model have come. */
  onprogress?: (progress: { received: number; total: number }) => void;
}

export interface Tag {
  label: string;
  /** In 0 to 1; calibrated, so that of tags with 0.8 about eight in ten are right. */
  score: number;
}

export type Place =
  | "upper left"
  | "upper middle"
  | "upper right"
  | "left"
  | "centre"
  | "right"
  | "lower left"
  | "lower middle"
  | "lower right";

/** Where in the upright photo the model sees a label: a class activation map. */
export interface Heatmap {
  label: string;
  score: number;
  columns: number;
  rows: number;
  /** What each place adds to the label's sum, row by row; negative ones speak against it. */
  shares: Int32Array;
  /** The middle of the largest share, as parts of the photo's width and height. */
  peak: [number, number];
  /** The ninth of the photo that it is in; none if nothing speaks for the label. */
  place: Place | null;
  /** A picture to lie over the photo, as wide for its height; none where workers have no canvas. */
  picture: Blob | null;
}

/** Why something was refused. */
export type Code =
  /** Of a photo. */
  | "empty"
  | "not-a-photo"
  | "unsupported"
  | "too-large"
  | "too-long"
  | "damaged"
  | "file-too-large"
  | "unreadable"
  | "no-model"
  | "no-file"
  | "no-decoder"
  | "graphics"
  /** Of a model. */
  | "missing"
  | "network"
  | "altered"
  | "memory"
  | "unusable"
  | "no-tags"
  /** The worker died, of the photo it had or because its script did not come; load another tagger. */
  | "crashed"
  /** It was closed. */
  | "closed"
  /** Files of two builds lie side by side. */
  | "two-builds"
  /** The browser lacks WebAssembly's SIMD, or that of the engine that was asked for. */
  | "old-browser"
  | "unknown";

export class TagsightError extends Error {
  readonly name: "TagsightError";
  readonly code: Code;
  /** Numbers and words that belong to it. */
  readonly detail: unknown[];
}

/** A model and the worker that runs it. Photos are taken one after the other, in the order of the calls. */
export class Tagger {
  private constructor();

  /**
   * Starts a worker and has it load a model, whose bytes have to be those that its card announces.
   *
   * @param url the model's folder, with `card.json` in it, or that card; relative to the page
   * @throws TagsightError if the model or the worker cannot be used
   */
  static load(url: string | URL, options?: LoadOptions): Promise<Tagger>;

  /** All labels, in the model's order. */
  readonly labels: string[];

  /** The model, as its card has it. */
  readonly model: { name: string; sha256: string; bytes: number };

  /** What tagged last, or will tag: `"webgpu"`, `"wasm-relaxed"` or `"wasm-simd"`. */
  readonly engine: string;

  /**
   * The photo's tags, best first.
   *
   * @throws TagsightError if the photo cannot be read; the tagger goes on
   */
  tag(photo: Photo, options?: { step?: Step }): Promise<Tag[]>;

  /** The score of every label, in the model's order. */
  scores(photo: Photo): Promise<Record<string, number>>;

  /** Where in the photo the model sees a label, whether the photo has it or not. */
  heatmap(photo: Photo, label: string): Promise<Heatmap>;

  /** Ends the worker, and gives its memory back. What was asked and is not answered is rejected. */
  close(): void;
}
