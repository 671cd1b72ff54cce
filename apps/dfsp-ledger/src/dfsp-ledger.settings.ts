import { WithLedger } from '@level-one/ledger';
import { DfspRoleSettings, Setting, WithDatabase } from '@level-one/platform';
import { IsInt, Max, Min } from 'class-validator';

/** Settings of a DFSP's ledger. */
export class DfspLedgerSettings extends WithLedger(WithDatabase(DfspRoleSettings)) {
  @Setting({
    env: 'LATE_SOURCE_GRACE_S',
    unit: 's',
    meaning: 'how long a transfer that credits a connector stays open to that connector after its expiry; 0 is off',
  })
  @IsInt()
  @Min(0)
  @Max(3_600)
  lateSourceGraceS: number = 60;
}
