import { WithLedger } from '@level-one/ledger';
import { RoleSettings, WithDatabase } from '@level-one/platform';

/** Shorter than a DFSP's ledger's by more than 30 s (ruling 39). */
const LATE_GRACE_S = 300;

/** Settings of the central ledger. */
export class CentralLedgerSettings extends WithLedger(WithDatabase(RoleSettings), LATE_GRACE_S) {}
