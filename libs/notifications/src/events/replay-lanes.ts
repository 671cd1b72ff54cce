import { KeyedLanes } from '@level-one/platform';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';

/** Pages that are read at the same time, of all accounts together. */
const LANES = 2;
/** Pause after a read, as a multiple of its duration: the ledger serves its requests meanwhile. */
const PAUSE_RATIO = 3;
const PAUSE_MAX_MS = 1_000;

/**
 * Queue of the subscribers that catch up: one page of one account at a time, whatever the number of
 * its websockets, accounts in turn, and a pause after each page.
 */
export class ReplayLanes {
  private readonly accounts = new KeyedLanes();
  private readonly lanes = pLimit(LANES);

  /** @param account of the subscriber. */
  read<T>(account: string, page: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      void this.accounts.run(account, () =>
        this.lanes(async () => {
          const begun = performance.now();
          await page().then(resolve, reject);
          const tookMs = performance.now() - begun;
          await sleep(Math.min(tookMs * PAUSE_RATIO, PAUSE_MAX_MS), undefined, { ref: false });
        }),
      );
    });
  }
}
