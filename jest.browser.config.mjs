import config from './jest.config.mjs';

const [unit] = config.projects;
const KIT = `${import.meta.dirname}/apps/console/test/browser/kit`;

/**
 * Browser tests of the console (`npm run test:browser`), apart from `npm test`: they need a Chromium and a whole network.
 *
 * @type {import('jest').Config}
 */
export default {
  ...config,
  // One network and one browser for all.
  maxWorkers: 1,
  globalSetup: `${KIT}/setup.mjs`,
  globalTeardown: `${KIT}/teardown.mjs`,
  projects: [{ ...unit, displayName: 'browser', testRegex: String.raw`\.browser-spec\.ts$` }],
};
