import { createRequire } from 'node:module';

// A part of Jest, and CommonJS.
const { default: TestSequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

/** Kinds of test files, those first that take longest. */
const KINDS = [/\.e2e-spec\.ts$/, /\.db-spec\.ts$/, /\.spec\.ts$/];

function kindOf({ path }) {
  const kind = KINDS.findIndex((pattern) => pattern.test(path));
  return kind === -1 ? KINDS.length : kind;
}

/** Files that wait for minutes: each begins when the one before has about ended, and others work beside it. */
const WAITING = /\/test\/faults\/.*\.e2e-spec\.ts$/;
/** Share of the others that is done in the time of one that waits. */
const PARTS = 10;

function isWaiting({ path }) {
  return WAITING.test(path);
}

/** Begins with what takes longest, also on a machine on which no earlier run has measured it. */
export default class LongestFirstSequencer extends TestSequencer {
  sort(tests) {
    // oxlint-disable-next-line unicorn/no-array-sort -- Jest's own, not that of an array
    const sorted = super.sort(tests).toSorted((one, other) => kindOf(one) - kindOf(other));
    const waiting = sorted.filter(isWaiting);
    const working = sorted.filter((test) => !isWaiting(test));
    const part = Math.ceil(working.length / PARTS);
    const beside = working.flatMap((test, at) => (at % part === 0 ? [...waiting.splice(0, 1), test] : [test]));
    return [...beside, ...waiting];
  }
}
