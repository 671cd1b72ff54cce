import { createRequire } from 'node:module';

// A part of Jest, and CommonJS.
const { default: TestSequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

/** Kinds of test files, those first that take longest. The faults wait for minutes, mostly beside the others. */
const KINDS = [/\/test\/faults\/.*\.e2e-spec\.ts$/, /\.e2e-spec\.ts$/, /\.db-spec\.ts$/, /\.spec\.ts$/];

function kindOf({ path }) {
  const kind = KINDS.findIndex((pattern) => pattern.test(path));
  return kind === -1 ? KINDS.length : kind;
}

/** Begins with what takes longest, also on a machine on which no earlier run has measured it. */
export default class LongestFirstSequencer extends TestSequencer {
  sort(tests) {
    // oxlint-disable-next-line unicorn/no-array-sort -- Jest's own, not that of an array
    return super.sort(tests).toSorted((one, other) => kindOf(one) - kindOf(other));
  }
}
