import { ContractError } from '@level-one/errors';
import type { LedgerClient, WireAccount } from './ledger.client.js';

const KEPT_MS = 30_000;
const KEPT_MAX = 10_000;

interface Kept {
  account: Promise<WireAccount | undefined>;
  until: number;
}

/** What a ledger tells of its accounts, kept for half a minute and for a bounded number of them. */
export class LedgerAccounts {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly ledger: LedgerClient) {}

  /** Undefined when the ledger has no such account. @throws ContractError 502 while it cannot be asked */
  async find(name: string): Promise<WireAccount | undefined> {
    const known = this.kept.get(name);
    if (known && known.until > performance.now()) return known.account;
    const account = this.ask(name);
    this.keep(name, { account, until: performance.now() + KEPT_MS });
    account.catch(() => this.kept.delete(name));
    return account;
  }

  private async ask(name: string): Promise<WireAccount | undefined> {
    try {
      return await this.ledger.account(name);
    } catch (error) {
      if (error instanceof ContractError && error.status === 404) return undefined;
      throw error;
    }
  }

  private keep(name: string, entry: Kept): void {
    this.kept.delete(name);
    this.kept.set(name, entry);
    if (this.kept.size <= KEPT_MAX) return;
    const [oldest] = this.kept.keys();
    if (oldest !== undefined) this.kept.delete(oldest);
  }
}
