// Runs checks one after the other and says how each went.

let failures = 0;

/** Runs a check; one that throws has failed. */
export async function check(what, run) {
  const start = performance.now();
  try {
    await run();
    console.log(`ok      ${what} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failures += 1;
    console.log(`FAILED  ${what}\n${error.stack}`);
  }
}

/** Ends the process; it fails if a check did. */
export function finish() {
  process.exit(failures ? 1 : 0);
}
