import { WithLedger } from '@level-one/ledger';
import { RoleSettings, WithDatabase } from '@level-one/platform';

/** What the central ledger is told. */
export class CentralLedgerSettings extends WithLedger(WithDatabase(RoleSettings)) {}
