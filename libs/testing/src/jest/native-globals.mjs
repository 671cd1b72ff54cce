/** Where the environment keeps the globals of the test file that runs. */
export const JEST_GLOBALS = Symbol('globals of Jest');

/** Stands for a global of `@jest/globals`: each call goes to that of the test file that runs. */
function live(name) {
  return new Proxy(function global() {}, {
    apply: (_, self, args) => Reflect.apply(globalThis[JEST_GLOBALS][name], self, args),
    get: (_, key) => globalThis[JEST_GLOBALS][name][key],
  });
}

export const afterAll = live('afterAll');
export const afterEach = live('afterEach');
export const beforeAll = live('beforeAll');
export const beforeEach = live('beforeEach');
export const describe = live('describe');
export const expect = live('expect');
export const it = live('it');
export const jest = live('jest');
export const test = live('test');
