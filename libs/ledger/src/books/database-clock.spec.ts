import { beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseClock } from './database-clock.js';

const AHEAD_MS = 1_000_000;

describe('the time of a database', () => {
  let process = 0;
  let clock: DatabaseClock;

  beforeEach(() => {
    process = 5_000;
    clock = new DatabaseClock(() => process);
  });

  /** An answer that took so long. */
  const answer = (latencyMs: number): void => {
    const time = new Date(process + AHEAD_MS);
    process += latencyMs;
    clock.correct(time);
  };
  const lag = (): number => process + AHEAD_MS - clock.now().getTime();

  it('is not known before the first answer', () => {
    expect(() => clock.now()).toThrow('not known');
  });

  it('goes on by itself, behind by as much as the fastest answer took', () => {
    answer(20);
    answer(3);
    answer(50);
    process += 100;
    expect(lag()).toBe(4);
  });

  it('is never ahead, however the clocks drift within their bound', () => {
    answer(0);
    process += 10_000;
    expect(lag()).toBe(1);
  });

  it('begins anew when the database was set back', () => {
    answer(0);
    clock.reset();
    answer(30);
    expect(lag()).toBe(30);
  });
});
