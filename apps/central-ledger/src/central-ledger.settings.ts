import { WithLedger } from '@level-one/ledger';
import { RoleSettings, WithDatabase } from '@level-one/platform';

/** Settings of the central ledger. */
export class CentralLedgerSettings extends WithLedger(WithDatabase(RoleSettings)) {}
