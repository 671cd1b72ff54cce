import { WithLedger } from '@level-one/ledger';
import { DfspRoleSettings, WithDatabase } from '@level-one/platform';

/** What a DFSP's ledger is told. */
export class DfspLedgerSettings extends WithLedger(WithDatabase(DfspRoleSettings)) {}
