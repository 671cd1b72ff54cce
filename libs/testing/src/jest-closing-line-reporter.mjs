/** Ends a run with `N passed, N failed` alone on the last line; a suite that could not run counts as failed. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    // Jest's own summary comes after every reporter that is named in the configuration.
    process.once('exit', () => process.stdout.write(`${results.numPassedTests} passed, ${failed} failed\n`));
  }

  getLastError() {
    return undefined;
  }
}
