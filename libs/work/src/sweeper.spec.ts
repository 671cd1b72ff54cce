import { describe, expect, it, jest } from '@jest/globals';
import { Sweeper } from './sweeper.js';

function sweeperOf(sweep: (signal: AbortSignal) => Promise<void>) {
  const logger = { error: jest.fn<(fields: object, message: string) => void>() };
  return { logger, sweeper: new Sweeper({ name: 'test', intervalMs: 1, sweep, logger }) };
}

describe('a sweeper', () => {
  it('runs repeatedly, never twice at a time', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    let enough = (): void => undefined;
    const ranOften = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const { sweeper } = sweeperOf(async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      if (++runs === 5) enough();
    });
    sweeper.start();
    await Promise.all([sweeper.run(), sweeper.run()]);
    expect(runs).toBe(1);
    await ranOften;
    await sweeper.stop();
    expect(most).toBe(1);
  });

  it('logs a failed run and continues', async () => {
    const { sweeper, logger } = sweeperOf(async () => {
      throw new Error('database is away');
    });
    await sweeper.run();
    await sweeper.run();
    expect(logger.error).toHaveBeenCalledTimes(2);
  });

  it('aborts the current run at stop, waits for it, and does not run again', async () => {
    let runs = 0;
    const { sweeper, logger } = sweeperOf(async (signal) => {
      runs++;
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      throw new Error('because it was stopped');
    });
    const run = sweeper.run();
    await sweeper.stop();
    await run;
    await sweeper.run();
    expect(runs).toBe(1);
    expect(logger.error).not.toHaveBeenCalled();
  });
});
