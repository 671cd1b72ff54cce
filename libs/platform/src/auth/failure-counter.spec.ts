import { describe, expect, it } from '@jest/globals';
import { FailureCounter } from './failure-counter.js';

describe('A4: counts of failures', () => {
  it('are not dropped because other keys are read', async () => {
    const counter = new FailureCounter(10, 600, 2);
    expect(await counter.takePoints('alice', 10)).toBe(0);
    for (let i = 0; i < 5; i++) expect(await counter.waitMsOf(`name ${i}`, 10)).toBe(0);
    expect(await counter.waitMsOf('alice', 1)).toBeGreaterThan(0);
    expect(await counter.takePoints('alice', 1)).toBeGreaterThan(0);
  });
});
