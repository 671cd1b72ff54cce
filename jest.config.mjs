/** Jest in ESM mode, because Nest 12 is ESM only: run it with `node --experimental-vm-modules`. */
const base = {
  testEnvironment: 'node',
  rootDir: import.meta.dirname,
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/data'],
  moduleNameMapper: {
    '^@level-one/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^@level-one/testing/(peers|faults)$': '<rootDir>/libs/testing/src/$1/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
      },
    ],
  },
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
  // One core waits for the database while the other works; a worker that has grown is replaced by a new one.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1.5GB',
  projects: [
    { ...base, displayName: 'unit', testRegex: String.raw`\.spec\.ts$` },
    { ...base, ...database, displayName: 'database', testRegex: String.raw`\.db-spec\.ts$` },
    { ...base, ...database, displayName: 'e2e', testRegex: String.raw`\.e2e-spec\.ts$` },
  ],
};
