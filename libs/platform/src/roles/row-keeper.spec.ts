import { describe, expect, it, jest } from '@jest/globals';
import type { RoleLogger } from '../logging/logger.js';
import { currentTrace } from '../tracing/trace.js';
import { Tracing } from '../tracing/tracing.js';
import { RowKeeper } from './row-keeper.js';

class TestKeeper extends RowKeeper<string> {
  readonly seen: [string, string | undefined][] = [];
  readonly stopping = new AbortController();

  constructor(
    private readonly due: string[],
    readonly warn = jest.fn(),
  ) {
    const logger = { warn, tracing: Tracing.off } as unknown as RoleLogger;
    super({ name: 'rows', intervalMs: 1_000, logger, traceIdOf: (row) => `trace of ${row}` });
  }

  protected takeDue(): Promise<string[]> {
    return Promise.resolve(this.due);
  }

  protected async lookAfter(row: string): Promise<void> {
    this.seen.push([row, currentTrace()?.traceId]);
    if (row === 'bad') throw new Error('no');
    if (row === 'last') this.stopping.abort();
  }
}

/** Puts back what failed; its database is away at first. */
class CarefulKeeper extends TestKeeper {
  isAway = true;
  readonly back: string[] = [];

  protected override async putBack(row: string): Promise<void> {
    if (this.isAway) throw new Error('away');
    this.back.push(row);
  }
}

describe('a keeper of rows', () => {
  it('works on each row in its own trace, and goes on after one that fails', async () => {
    const keeper = new TestKeeper(['a', 'bad', 'b']);
    await keeper.lookAfterDue();
    expect(keeper.seen).toEqual([
      ['a', 'trace of a'],
      ['bad', 'trace of bad'],
      ['b', 'trace of b'],
    ]);
    expect(keeper.warn).toHaveBeenCalledTimes(1);
    expect(keeper.warn).toHaveBeenCalledWith({ err: expect.any(Error), sweeper: 'rows' }, expect.any(String));
  });

  it('puts a row that failed back, so that it does not sleep until its lease is over', async () => {
    const keeper = new CarefulKeeper(['bad', 'a']);
    keeper.isAway = false;
    await keeper.lookAfterDue();
    expect(keeper.back).toEqual(['bad']);
    expect(keeper.seen.map(([row]) => row)).toEqual(['bad', 'a']);
  });

  it('puts it back with the next run that the database takes it in', async () => {
    const keeper = new CarefulKeeper(['bad', 'bad']);
    await keeper.lookAfterDue();
    await expect(keeper.lookAfterDue()).rejects.toThrow('away');
    expect(keeper.back).toEqual([]);
    keeper.isAway = false;
    await keeper.lookAfterDue();
    expect(keeper.back).toEqual(['bad', 'bad', 'bad', 'bad']);
  });

  it('stops between two rows', async () => {
    const keeper = new TestKeeper(['last', 'a']);
    await keeper.lookAfterDue(keeper.stopping.signal);
    expect(keeper.seen.map(([row]) => row)).toEqual(['last']);
  });
});
