// Starts the worker's module. A failure that reaches no handler has to reach the page, and a
// rejected promise does not by itself; a trap in a photo's task ends up in one of the two.
import init from "./tagsight-worker.js";

addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  reportError(event.reason);
});

init();
