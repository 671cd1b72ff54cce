import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { LedgerClient } from '@level-one/peers';

const KEPT_MS = 30_000;
const KEPT_MAX = 10_000;

interface Kept {
  isOurs: Promise<boolean>;
  until: number;
}

/** What the ledger says of accounts, kept for a short while. */
@Injectable()
export class AccountUses {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly ledger: LedgerClient) {}

  /**
   * Whether only this DFSP can execute what is paid into the account: it has no direct use. A ledger that does not tell
   * lets every owner execute.
   * @throws ContractError 502 while the ledger cannot be asked.
   */
  async isExecutedHere(account: string): Promise<boolean> {
    const known = this.kept.get(account);
    if (known && known.until > performance.now()) return known.isOurs;
    const isOurs = this.ask(account);
    this.keep(account, { isOurs, until: performance.now() + KEPT_MS });
    isOurs.catch(() => this.kept.delete(account));
    return isOurs;
  }

  private async ask(account: string): Promise<boolean> {
    try {
      return (await this.ledger.account(account)).direct_use === false;
    } catch (error) {
      if (error instanceof ContractError && error.status === 404) return false;
      throw error;
    }
  }

  private keep(account: string, entry: Kept): void {
    this.kept.delete(account);
    this.kept.set(account, entry);
    if (this.kept.size <= KEPT_MAX) return;
    const [oldest] = this.kept.keys();
    if (oldest !== undefined) this.kept.delete(oldest);
  }
}
