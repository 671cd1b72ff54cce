import { isFinal, type Transfer } from '@level-one/transfer';
import type { Account } from '../schema/account.entity.js';
import type { Charge } from '../schema/charge.entity.js';
import { SCHEME_FEES_ACCOUNT } from '../schema/scheme-charge.entity.js';
import type { OpenBooks } from './books.js';

/** Maximum of accounts, and of open transfers and charges, in memory. Above it everything is read again. */
const KEPT_MAX = 20_000;

/** Rows that {@link KnownBooks} opens the books with. */
export interface KnownPart {
  opened: OpenBooks;
  /** Ids of transfers that are not in memory, so that they are taken for new. */
  newIds: string[];
}

/**
 * The accounts and open transfers of a writer's last batches, in memory. They are valid as long as no other instance
 * writes; the database checks that when the next batch is written.
 */
export class KnownBooks {
  private readonly accounts = new Map<string, Account>();
  private readonly transfers = new Map<string, Transfer>();
  /** Charges of open transfers, and charges that wait for their transfer. */
  private readonly charges = new Map<string, Charge[]>();
  private tariff: OpenBooks['tariff'] = [];
  private writesSeen = 0n;

  /** Number of writes of the ledger for which these rows are valid. */
  get writes(): bigint {
    return this.writesSeen;
  }

  get isFull(): boolean {
    return this.accounts.size > KEPT_MAX || this.transfers.size + this.charges.size > KEPT_MAX;
  }

  /** Keeps the rows that a batch has read and changed, after its commit as this write. */
  keep({ accounts, transfers, voided, charges, tariff }: OpenBooks, writes: bigint): void {
    for (const [name, account] of accounts) this.accounts.set(name, account);
    for (const [id, list] of charges) this.charges.set(id, list);
    for (const [id, transfer] of transfers) {
      if (isFinal(transfer.state)) this.forgetTransfer(id);
      else this.transfers.set(id, transfer);
    }
    for (const key of voided) this.forgetTransfer(key.split(' ', 1)[0]!);
    this.tariff = tariff;
    this.writesSeen = writes;
  }

  /** The rows that a batch touches; undefined if some must be read first. */
  open(now: Date, transferIds: readonly string[], accountNames: readonly string[]): KnownPart | undefined {
    const transfers = entriesOf(this.transfers, transferIds);
    const charges = entriesOf(this.charges, transferIds);
    const movements = [...transfers.values(), ...[...charges.values()].flat()];
    const names = new Set([
      ...accountNames,
      ...movements.flatMap(({ debitAccount, creditAccount }) => [debitAccount, creditAccount]),
      ...(this.tariff.length > 0 ? [SCHEME_FEES_ACCOUNT] : []),
    ]);
    const accounts = entriesOf(this.accounts, names);
    if (accounts.size < names.size) return undefined;
    return {
      // An id that is void is taken for new, and found when the batch is written.
      opened: { now, transfers, voided: new Set(), charges, accounts, tariff: this.tariff },
      newIds: transferIds.filter((id) => !transfers.has(id) && !charges.has(id)),
    };
  }

  /** A repeated request for it is answered from the database. */
  private forgetTransfer(id: string): void {
    this.transfers.delete(id);
    this.charges.delete(id);
  }
}

function entriesOf<V>(map: ReadonlyMap<string, V>, keys: Iterable<string>): Map<string, V> {
  const found = new Map<string, V>();
  for (const key of keys) {
    const value = map.get(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
}
