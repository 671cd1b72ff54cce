import { type Transfer, TransferState } from '@level-one/transfer';
import type { Written } from '../books/books-store.js';

const KEPT_MAX = 2_000;

/**
 * The transfers that this instance executed last. They are read right after their execution by those who took part. An
 * executed transfer never changes, so these are right whatever other instances write.
 */
export class ExecutedTransfers {
  private readonly transfers = new Map<string, Transfer>();

  /** Adds those of a committed batch; the oldest are forgotten. */
  addBatch({ books: { events } }: Pick<Written<unknown>, 'books'>): void {
    for (const { transfer, state } of events) {
      if (transfer && state === TransferState.Executed) this.transfers.set(transfer.id, transfer);
    }
    for (const id of this.transfers.keys()) {
      if (this.transfers.size <= KEPT_MAX) return;
      this.transfers.delete(id);
    }
  }

  find(id: string): Transfer | undefined {
    return this.transfers.get(id);
  }
}
