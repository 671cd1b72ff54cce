import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AdmissionLimiter } from './admission-limiter.js';

const BOUNDS = { admissionMin: 2, admissionMax: 7, admissionQueue: 2, admissionWaitMs: 100 };
const REFUSED = { status: 503, id: 'ServiceUnavailableError', retryAfterS: 1 };

describe('The limit of requests that begin something', () => {
  let limiter: AdmissionLimiter;
  let outcomes: string[];

  beforeEach(() => {
    jest.useFakeTimers();
    limiter = new AdmissionLimiter(BOUNDS);
    outcomes = [];
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  async function ask(name: string, goesFirst = false): Promise<void> {
    void limiter.admit(goesFirst).then(
      () => outcomes.push(name),
      (error: unknown) => {
        expect(error).toMatchObject(REFUSED);
        outcomes.push(`not ${name}`);
      },
    );
    await settled();
  }

  /** What has been decided is in `outcomes` then. */
  async function settled(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }

  it('lets some in at once, some wait in their order, and refuses the others at once', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await ask(name);
    expect(outcomes).toEqual(['a', 'b', 'not e']);
    limiter.release();
    limiter.release();
    await settled();
    expect(outcomes).toEqual(['a', 'b', 'not e', 'c', 'd']);
    limiter.release();
    limiter.release();
    expect(limiter.counts).toEqual({ admitted: 0, waiting: 0, limit: 2 });
    await ask('f');
    expect(outcomes.at(-1)).toBe('f');
  });

  it('refuses what has waited too long', async () => {
    for (const name of ['a', 'b', 'c']) await ask(name);
    jest.advanceTimersByTime(99);
    await settled();
    expect(outcomes).toEqual(['a', 'b']);
    await ask('d');
    jest.advanceTimersByTime(1);
    await settled();
    expect(outcomes).toEqual(['a', 'b', 'not c']);
    limiter.release();
    await settled();
    expect(outcomes.at(-1)).toBe('d');
    expect(limiter.counts).toEqual({ admitted: 2, waiting: 0, limit: 2 });
  });

  it('lets first what goes first, and refuses the last of the others for it if the queue is full', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await ask(name);
    await ask('pay 1', true);
    expect(outcomes).toEqual(['a', 'b', 'not d']);
    await ask('pay 2', true);
    expect(outcomes.at(-1)).toBe('not c');
    await ask('pay 3', true);
    expect(outcomes.at(-1)).toBe('not pay 3');
    limiter.release();
    limiter.release();
    await settled();
    expect(outcomes.slice(-2)).toEqual(['pay 1', 'pay 2']);
  });

  it('rises while requests wait and the process has idle time, up to its maximum, and falls when it has none', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await ask(name);
    limiter.adapt(false);
    await settled();
    expect(outcomes).toEqual(['a', 'b', 'c', 'd']);
    expect(limiter.counts).toEqual({ admitted: 4, waiting: 0, limit: 6 });
    limiter.adapt(false);
    expect(limiter.counts.limit).toBe(6);
    for (const name of ['e', 'f', 'g']) await ask(name);
    limiter.adapt(false);
    expect(limiter.counts).toEqual({ admitted: 7, waiting: 0, limit: 7 });
    await ask('h');
    for (let times = 0; times < 9; times += 1) limiter.adapt(true);
    expect(limiter.counts).toEqual({ admitted: 7, waiting: 1, limit: 2 });
    for (let times = 0; times < 6; times += 1) limiter.release();
    await settled();
    expect(outcomes.at(-1)).toBe('h');
    expect(limiter.counts).toEqual({ admitted: 2, waiting: 0, limit: 2 });
  });
});
