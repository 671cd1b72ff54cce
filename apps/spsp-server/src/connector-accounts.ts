import { Injectable } from '@nestjs/common';
import { LedgerClient } from '@level-one/peers';

/** A name that is not known may be that of a new connector; but not every payment may ask the ledger. */
const REFRESH_MS = 5_000;

/** Which accounts of the ledger are connectors': transfers that credit them are not for this DFSP's customers. */
@Injectable()
export class ConnectorAccounts {
  private names: ReadonlySet<string> = new Set();
  private refreshedAt = Number.NEGATIVE_INFINITY;
  private refreshing: Promise<void> | undefined;

  constructor(private readonly ledger: LedgerClient) {}

  /** @throws ContractError 502 while the ledger was never asked with success. */
  async has(account: string): Promise<boolean> {
    if (!this.names.has(account) && performance.now() - this.refreshedAt > REFRESH_MS) await this.refresh();
    return this.names.has(account);
  }

  private refresh(): Promise<void> {
    this.refreshing ??= this.load().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  private async load(): Promise<void> {
    try {
      const { connectors } = await this.ledger.metadata();
      this.names = new Set(connectors.map(({ name }) => name));
      this.refreshedAt = performance.now();
    } catch (error) {
      if (this.refreshedAt === Number.NEGATIVE_INFINITY) throw error;
    }
  }
}
