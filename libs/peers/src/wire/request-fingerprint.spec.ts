import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { fingerprintSteps, requestFingerprint } from './request-fingerprint.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the fingerprint of a request', () => {
  it('is that of its JSON with members in one order, without those that are undefined', () => {
    const content = {
      b: 1,
      a: 'x',
      list: [{ d: [1, { z: null, y: true }], c: undefined }, 'é', undefined],
      none: undefined,
    };
    expect(requestFingerprint(content)).toBe(sha256('{"a":"x","b":1,"list":[{"d":[1,{"y":true,"z":null}]},"é",null]}'));
    expect(requestFingerprint({})).toBe(sha256('{}'));
    expect(requestFingerprint({ list: [] })).toBe(sha256('{"list":[]}'));
  });

  it('A6: of a long list is made in a step for each element', () => {
    const rows = Array.from({ length: 10_000 }, (_, line) => ({ line }));
    let count = 0;
    const steps = fingerprintSteps({ rows });
    let step = steps.next();
    for (; !step.done; step = steps.next()) count += 1;
    expect(count).toBe(10_000);
    expect(step.value).toBe(sha256(JSON.stringify({ rows })));
  });
});
