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

  /** An answer after the given time. */
  const answer = (latencyMs: number): void => {
    const time = new Date(process + AHEAD_MS);
    process += latencyMs;
    clock.correct(time);
  };
  const lag = (): number => process + AHEAD_MS - clock.now().getTime();

  it('is unknown before the first answer', () => {
    expect(() => clock.now()).toThrow('not known');
  });

  it('advances by itself, behind by the time of the fastest answer', () => {
    answer(20);
    answer(3);
    answer(50);
    process += 100;
    expect(lag()).toBe(4);
  });

  it('is never ahead while the clocks drift within their bound', () => {
    answer(0);
    process += 10_000;
    expect(lag()).toBe(1);
  });

  it("starts again when the database's clock was set back", () => {
    answer(0);
    clock.reset();
    answer(30);
    expect(lag()).toBe(30);
  });
});
