// Starts the dialogs' module.
import { starter } from "./keywords/load.js";

export const start = starter(
  () => import("./tagsight-dialogs.js"),
  new URL("tagsight-dialogs_bg.wasm", import.meta.url),
);
