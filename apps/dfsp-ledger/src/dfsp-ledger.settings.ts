import { WithLedger } from '@level-one/ledger';
import { DfspRoleSettings, WithDatabase } from '@level-one/platform';

/** Settings of a DFSP's ledger. */
export class DfspLedgerSettings extends WithLedger(WithDatabase(DfspRoleSettings)) {}
