import { ContractError } from '@level-one/errors';
import { ExpiringMap } from '@level-one/platform';
import type { AccountDto } from '../wire/ledger/account.dto.js';
import type { LedgerClient } from './ledger.client.js';

const KEPT_MS = 30_000;
const KEPT_MAX = 10_000;

/** Accounts that a ledger has told of, kept for half a minute and up to a maximum of them. */
export class LedgerAccounts {
  private readonly kept = new ExpiringMap<Promise<AccountDto | undefined>>(KEPT_MS, KEPT_MAX);

  constructor(private readonly ledger: LedgerClient) {}

  /** Undefined when the ledger has no such account. @throws ContractError 502 while it cannot be asked */
  async find(name: string): Promise<AccountDto | undefined> {
    const kept = this.findKept(name);
    if (kept) return kept;
    const account = this.ask(name);
    this.kept.set(name, account);
    // A name without an account may be opened at any moment.
    account.then((found) => found ?? this.kept.delete(name)).catch(() => this.kept.delete(name));
    return account;
  }

  /** What {@link find} answers without asking the ledger; undefined if it would have to. */
  findKept(name: string): Promise<AccountDto | undefined> | undefined {
    const known = this.kept.find(name);
    return known?.isFresh ? known.value : undefined;
  }

  private async ask(name: string): Promise<AccountDto | undefined> {
    try {
      return await this.ledger.account(name);
    } catch (error) {
      if (error instanceof ContractError && error.status === 404) return undefined;
      throw error;
    }
  }
}
