// One line for each thing shown; the exit code says whether all of them hold.

export async function show(name, steps) {
  for (const [step, run] of Object.entries(steps)) {
    try {
      await run();
      console.log(`PASS ${name}: ${step}`);
    } catch (error) {
      console.log(`FAIL ${name}: ${step}: ${error.message}${error.cause ? ` (${JSON.stringify(error.cause)})` : ""}`);
      if (process.env.E2E_VERBOSE) console.error(error);
      process.exitCode = 1;
      return;
    }
  }
}
