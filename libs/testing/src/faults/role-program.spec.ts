import { afterEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { eventually } from '../eventually.js';
import { RoleProgram } from './role-program.js';

const HOUR_MS = 3_600_000;
const TICKING = join(import.meta.dirname, 'ticking.fixture.mjs');

/** Prints the time by its clock, again and again. */
describe('a program in a process of its own', () => {
  let program: RoleProgram;

  afterEach(() => program.kill());

  const start = (options: { clockSkewMs?: number } = {}): void => {
    program = new RoleProgram({ program: [TICKING], environment: {}, ...options });
    program.start();
  };
  const ticks = (): number[] => program.log.split('\n').filter(Boolean).map(Number);
  const untilMoreThan = (count: number): Promise<void> =>
    eventually(() => expect(ticks().length).toBeGreaterThan(count));

  it.each([0, HOUR_MS, -HOUR_MS])('has a clock that is %s ms ahead', async (clockSkewMs) => {
    start({ clockSkewMs });
    await untilMoreThan(0);
    expect(Math.abs(ticks()[0]! - Date.now() - clockSkewMs)).toBeLessThan(HOUR_MS / 2);
  });

  it('hangs, wakes up, is killed and starts again', async () => {
    start();
    await untilMoreThan(0);
    program.hang();
    expect(program.isRunning).toBe(true);
    program.wakeUp();
    await untilMoreThan(ticks().length);
    await program.kill();
    expect(program.isRunning).toBe(false);
    const before = ticks().length;
    program.start();
    await untilMoreThan(before);
    expect(await program.stop()).toBeNull();
  });
});
