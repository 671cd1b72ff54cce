import type { FactoryProvider } from '@nestjs/common';
import { Health, keepReading, NotReadyError } from '@level-one/platform';
import type { Right } from '@level-one/transfer';
import { LedgerClient } from './ledger.client.js';

/** Name of the dependency in `GET /health/ready` and in the metrics. */
const DEPENDENCY = 'own account on the ledger';

/**
 * Tells in readiness whether the account by which a role uses its DFSP's ledger is there, takes its password, and has
 * its rights. Without it the role stays ready: the account is opened when the role runs already.
 */
export class LedgerAccountCheck {
  constructor(
    private readonly ledger: LedgerClient,
    private readonly rights: readonly Right[],
    health: Health,
  ) {
    const read = keepReading(() => this.findFault());
    health.registerOptionalCheck(DEPENDENCY, async () => {
      const fault = await read();
      if (fault !== undefined) throw new NotReadyError(fault);
    });
  }

  private async findFault(): Promise<string | undefined> {
    try {
      const account = await this.ledger.ownAccount();
      if (!account) return 'is not let in: it is missing, disabled or closed, or LEDGER_PASSWORD is wrong';
      // Ledgers that are not ours tell no rights.
      const missing = this.rights.filter((right) => account.rights && !account.rights.includes(right));
      return missing.length === 0 ? undefined : `has no right ${missing.join(', ')}`;
    } catch {
      return 'cannot be read: the ledger gives no answer';
    }
  }
}

/** The check of the account of a role's `LedgerClient`. @param rights those that the role needs */
export function ledgerAccountCheck(rights: readonly Right[]): FactoryProvider<LedgerAccountCheck> {
  return {
    provide: LedgerAccountCheck,
    useFactory: (ledger: LedgerClient, health: Health) => new LedgerAccountCheck(ledger, rights, health),
    inject: [LedgerClient, Health],
  };
}
