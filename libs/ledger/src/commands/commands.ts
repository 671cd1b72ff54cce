import type { Transfer } from '@level-one/transfer';
import type { Books } from '../books/books.js';

/**
 * One request to change the ledger. It names what it touches, so that the books can be opened on it, and then decides
 * by them. A command that throws leaves the books as they would be without it. It answers copies, because
 * later commands of its batch go on with the originals.
 */
export interface Command<T> {
  transferIds: readonly string[];
  accounts: readonly string[];
  decide(books: Books): T;
}

export interface PutOutcome {
  transfer: Transfer;
  /** False for a replay and for an authorization that was added. */
  created: boolean;
}
