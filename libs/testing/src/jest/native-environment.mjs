import { createRequire } from 'node:module';
import { JEST_GLOBALS } from './native-globals.mjs';

// Both are part of Jest, and have no default export.
const require = createRequire(import.meta.url);
const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

/** Environment of Jest in the realm of the worker itself; at the end of a test file its mocks and timers are undone. */
export default class NativeEnvironment {
  global = globalThis;
  #console = globalThis.console;
  #exit = Object.getOwnPropertyDescriptor(process, 'exit');

  constructor({ projectConfig }) {
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  setJestGlobals(globals) {
    globalThis[JEST_GLOBALS] = { ...globals, jest: this.#jest() };
  }

  async setup() {}

  async teardown() {
    this.fakeTimersModern.dispose();
    this.moduleMocker.restoreAllMocks();
    globalThis.console = this.#console;
    Object.defineProperty(process, 'exit', this.#exit);
  }

  getVmContext() {
    return null;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  #jest() {
    const { moduleMocker: mocks, fakeTimersModern: timers } = this;
    const jest = {
      fn: mocks.fn.bind(mocks),
      spyOn: mocks.spyOn.bind(mocks),
      clearAllMocks: () => mocks.clearAllMocks(),
      restoreAllMocks: () => mocks.restoreAllMocks(),
      useFakeTimers: (options) => timers.useFakeTimers(options),
      useRealTimers: () => timers.useRealTimers(),
      setSystemTime: (now) => timers.setSystemTime(now),
      advanceTimersByTime: (ms) => timers.advanceTimersByTime(ms),
      advanceTimersByTimeAsync: (ms) => timers.advanceTimersByTimeAsync(ms),
      runAllTimers: () => timers.runAllTimers(),
      runOnlyPendingTimers: () => timers.runOnlyPendingTimers(),
    };
    return jest;
  }
}
