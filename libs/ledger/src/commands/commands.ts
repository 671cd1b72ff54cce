import type { Transfer } from '@level-one/transfer';
import type { Books } from '../books/books.js';

/**
 * One request to change the ledger. It names the rows it touches, so that the books can be opened with them. If
 * `decide` throws, the books must be unchanged. It returns copies, because later commands of the batch change the
 * originals.
 */
export interface Command<T> {
  transferIds: readonly string[];
  accounts: readonly string[];
  decide(books: Books): T;
}

export interface PutOutcome {
  transfer: Transfer;
  /** False for a repeated request, and for the authorization of a known transfer. */
  created: boolean;
}
