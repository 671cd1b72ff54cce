import { describe, expect, it } from '@jest/globals';
import { Health } from './health.js';

describe('the health of a role', () => {
  it('reads a detail once for all who ask at the same time, and again later, also after a failure', async () => {
    const health = new Health();
    const asked: ((value: number | PromiseLike<number>) => void)[] = [];
    health.registerDetail('undeliverable', () => new Promise((answer) => asked.push(answer)));
    const many = Array.from({ length: 100 }, () => health.readDetails());
    expect(asked).toHaveLength(1);
    asked[0]!(3);
    expect(await Promise.all(many)).toEqual(many.map(() => ({ undeliverable: 3 })));
    const failing = health.readDetail('undeliverable');
    asked[1]!(Promise.reject(new Error('away')));
    await expect(failing).rejects.toThrow('away');
    const later = health.readDetail('undeliverable');
    expect(asked).toHaveLength(3);
    asked[2]!(0);
    expect(await later).toBe(0);
  });
});
