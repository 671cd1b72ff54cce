/** Node loads the modules itself: once a worker, and not once a test file. See native-test-runner.mjs. */
const base = {
  rootDir: import.meta.dirname,
  testEnvironment: '<rootDir>/libs/testing/src/jest/native-environment.mjs',
  testRunner: '<rootDir>/libs/testing/src/jest/native-test-runner.mjs',
  injectGlobals: false,
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/data'],
  // The loader of modules does it.
  transform: {},
};

const database = {
  globalSetup: '<rootDir>/libs/testing/src/jest-global-setup.mjs',
  globalTeardown: '<rootDir>/libs/testing/src/jest-global-teardown.mjs',
};

/** @type {import('jest').Config} */
export default {
  reporters: ['default', '<rootDir>/libs/testing/src/jest-closing-line-reporter.mjs'],
  // A bound on tests that hang. It is long, because the machine may be busy with other work.
  testTimeout: 300_000,
  testSequencer: '<rootDir>/libs/testing/src/jest/longest-first-sequencer.mjs',
  // Two work, and one waits: the faults do so for minutes. A worker that has grown is replaced by a new one.
  maxWorkers: 3,
  workerIdleMemoryLimit: '1.5GB',
  projects: [
    { ...base, displayName: 'unit', testRegex: String.raw`\.spec\.ts$` },
    { ...base, ...database, displayName: 'database', testRegex: String.raw`\.db-spec\.ts$` },
    { ...base, ...database, displayName: 'e2e', testRegex: String.raw`\.e2e-spec\.ts$` },
  ],
};
