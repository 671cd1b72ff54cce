import { Keeper } from './keeper.js';
import type { SweeperOptions } from './sweeper.js';

/**
 * Repeats work on rows until a batch is not full or the signal is aborted.
 * @param size maximum of rows of one batch.
 * @param work one batch; answers how many rows it changed.
 */
export async function workInBatches(
  size: number,
  work: (size: number) => Promise<number>,
  signal?: AbortSignal,
): Promise<void> {
  for (;;) {
    if (signal?.aborted || (await work(size)) < size) return;
  }
}

export interface BatchSweeperOptions extends Omit<SweeperOptions, 'sweep'> {
  /** Maximum of rows of one batch. */
  size: number;
  /** One batch; answers how many rows it changed. */
  work: (size: number) => Promise<number>;
}

/** Background work on rows that are over, from start to stop. A run repeats until a batch is not full. */
export class BatchSweeper extends Keeper {
  constructor(private readonly options: BatchSweeperOptions) {
    super(options);
  }

  protected sweep(signal: AbortSignal): Promise<void> {
    const work = async (size: number): Promise<number> => {
      const rows = await this.options.work(size);
      this.workRecord.rowsDone += rows;
      return rows;
    };
    return workInBatches(this.options.size, work, signal);
  }
}
