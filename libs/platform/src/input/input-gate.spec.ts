import { describe, expect, it } from '@jest/globals';
import { inSlices } from '@level-one/work';
import { checkInput, InputError, inputLimits, parseJsonInput, parseSteps } from './input-gate.js';

const LIMITS = { depth: 4, members: 6 };

function refusal(json: string, limits = LIMITS): string | undefined {
  try {
    parseJsonInput(json, limits);
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

describe('A12: the input gate', () => {
  it('accepts bodies of the contract unchanged', () => {
    for (const json of [
      '{"amount":"10.40","memo":{"a":[1,null,true,{"b":"é \\u00e9 \\ud83d\\ude00"}]}}',
      '{"a":{"length":-1,"then":1,"toJSON":"x","name":""},"b":-0.5,"c":1e3}',
      '[0,-0,0.1,0.30000000000000004,9007199254740991]',
      '"text"',
      'null',
    ]) {
      expect(parseJsonInput(json, { depth: 8, members: 20 })).toEqual(JSON.parse(json));
    }
  });

  it.each([
    ['NUL in a text', '{"a":["\\u0000"]}'],
    ['NUL in a name', '{"a":{"b\\u0000":1}}'],
    ['half of a surrogate pair', '{"a":"\\ud800"}'],
    ['half of a surrogate pair in a name', '{"\\udc00":1}'],
  ])('refuses %s', (_name, json) => {
    expect(refusal(json)).toMatch(/NUL or half of a surrogate pair/);
  });

  it.each(['constructor', '__proto__', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__'])(
    'refuses a member named %s at any depth and in any spelling',
    (name) => {
      const escaped = `\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}`;
      for (const json of [`{"${name}":1}`, `{"a":[{"${name}":{}}]}`, `{"a":{"${escaped}":null}}`]) {
        expect(refusal(json)).toBe(`must not have a member named ${name}`);
      }
      expect(parseJsonInput(`["${name}"]`)).toEqual([name]);
    },
  );

  it('refuses input that is too deep or too large before it is parsed', () => {
    expect(refusal('[[[[]]]]')).toBeUndefined();
    expect(refusal('[[[[[]]]]]')).toMatch(/deeper than 4/);
    expect(refusal('['.repeat(1_000_000))).toMatch(/deeper than 4/);
    expect(refusal('{"a":"[[[[[[{{{{{{\\"[[[[["}')).toBeUndefined();
    expect(refusal('[1,2,3,4,5,6]')).toBeUndefined();
    expect(refusal('[1,2,3,4,5,6,7]')).toMatch(/more than 6/);
    expect(refusal('{"a":1,"b":[1,1,1,1,1]}')).toMatch(/more than 6/);
    expect(inputLimits(128 * 1024)).toEqual({ depth: 256, members: 8_192 });
  });

  it('refuses a repeated member, of which one would be ignored', () => {
    expect(refusal('{"amount":"1","amount":"2"}')).toBe('must not name a member twice');
    expect(refusal('{"a":{"b":1,"\\u0062":1}}')).toBe('must not name a member twice');
    expect(refusal('{"a":":","b":{"a":1}}')).toBeUndefined();
  });

  it('refuses a number that JavaScript would round', () => {
    for (const number of [
      '12345678901234567890',
      '1e400',
      '-1e400',
      '1e-400',
      '0.12345678901234567890',
      '9007199254740993',
    ])
      expect(refusal(`{"a":${number}}`)).toMatch(/more digits than can be kept/);
    for (const number of ['0'.repeat(100_000) + '1', '1' + '0'.repeat(100_000)]) expect(refusal(number)).toBeDefined();
    for (const number of ['10000000000000000000', '1.0000000000000000000', '1e22', '0.30000000000000004', '0e999'])
      expect(refusal(number)).toBeUndefined();
    expect(parseJsonInput('12345678901234567890', LIMITS, { exactNumbers: false })).toBe(
      Number('12345678901234567890'),
    );
    expect(() => parseJsonInput('1e400', LIMITS, { exactNumbers: false })).toThrow(InputError);
  });

  it.each(['', '{', '{]', '{"a":1,}', '"', '"\\', '01', 'NaN', '\u0000', '{"a":"\n"}', '-', '[1 2]'])(
    'reports that %j is not valid JSON',
    (json) => {
      expect(refusal(json)).toBe('is not valid JSON');
    },
  );

  it('refuses too many different names, in one object or in many', () => {
    const limits = { depth: 8, members: 100_000 };
    const named = (from: number, count: number): string =>
      JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${from + index}`, 1])));
    const many = (count: number): string => `[${Array.from({ length: count }, (_, at) => named(at * 64, 64)).join()}]`;
    expect(refusal(named(0, 8_192), limits)).toBeUndefined();
    expect(refusal(named(0, 8_193), limits)).toBe('must not have members of more than 8192 different names');
    expect(refusal(many(128), limits)).toBeUndefined();
    expect(refusal(many(129), limits)).toMatch(/8192 different names/);
    expect(
      refusal(`[${Array.from({ length: 10_000 }, () => '{"a":"b:c","d":{"e":1}}').join()}]`, limits),
    ).toBeUndefined();
  });

  it.each([
    ['spaces', `${' '.repeat(2_000_000)}1`],
    ['one text', JSON.stringify('a'.repeat(2_000_000))],
    ['escapes', `"${'\\\\'.repeat(1_000_000)}"`],
    ['elements', `[${'1,'.repeat(100_000)}1]`],
    ['objects', `[${'{"a":1},'.repeat(50_000)}1]`],
  ])('A6: reads 2 MB of %s in many short steps, as it does at once', (_name, json) => {
    const limits = { depth: 8, members: 200_000 };
    const steps = parseSteps(json, limits);
    let count = 0;
    let step = steps.next();
    for (; !step.done; step = steps.next()) count += 1;
    expect(count).toBeGreaterThan(20);
    expect(step.value).toEqual(JSON.parse(json));
  });

  it('A6: yields to the event loop while it reads', async () => {
    let isOver = false;
    let hasPassed = false;
    setImmediate(() => (hasPassed = !isOver));
    await inSlices(parseSteps(`[${'{"amount":"10.40"},'.repeat(60_000)}1]`, { depth: 8, members: 200_000 }));
    isOver = true;
    expect(hasPassed).toBe(true);
  });

  it('checks values that were parsed elsewhere', () => {
    expect(checkInput({ a: [{ b: 1 }] })).toBe(2);
    expect(() => checkInput(Object.fromEntries([['constructor', 1]]))).toThrow(InputError);
    expect(() => checkInput('\ud800')).toThrow(InputError);
    expect(() => checkInput({ a: NaN })).toThrow(InputError);
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(() => checkInput(deep)).toThrow(/deeper than 256/);
  });
});
