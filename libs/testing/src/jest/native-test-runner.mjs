import module, { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { load, resolve } from './native-loader.mjs';

const require = createRequire(import.meta.url);
const circus = require('jest-circus/runner').default;

if (module.registerHooks) module.registerHooks({ resolve, load });
// Node.js 20 has it not yet.
else module.register('./native-loader.mjs', import.meta.url);
process.setSourceMapsEnabled(true);

let files = 0;

/** Jest Circus keeps its state in its module and in one global: both begin anew with each test file. */
function requireAnew(path) {
  delete globalThis[Symbol.for('EVENT_HANDLERS')];
  delete require.cache[path];
  return require(path);
}

/**
 * Jest Circus, on modules that Node loads itself: once a worker instead of once a test file, in the realm of the worker
 * instead of one for each file. Loading them was most of the time of most files. Specs, fixtures and what is in folders
 * named `test` are still loaded for each test file; there is no `jest.mock`.
 */
export default async function runNatively(globalConfig, config, environment, runtime, testPath, sendMessageToJest) {
  // Jest's own would look for source maps of its own transforms; Node finds those of the loader.
  Error.prepareStackTrace = undefined;
  const native = {
    requireInternalModule: requireAnew,
    requireModule: require,
    setGlobalsForRuntime: (globals) => environment.setJestGlobals(globals),
    unstable_shouldLoadAsEsm: () => true,
    unstable_importModule: (path) => import(`${pathToFileURL(path).href}?file=${++files}`),
    enterTestCode: () => runtime.enterTestCode(),
    leaveTestCode: () => runtime.leaveTestCode(),
  };
  return circus(globalConfig, config, environment, native, testPath, sendMessageToJest);
}
