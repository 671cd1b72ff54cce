import { WithLedger } from '@level-one/ledger';
import { RoleSettings, Setting, WithDatabase } from '@level-one/platform';
import { IsInt, Max, Min } from 'class-validator';

/** Shorter than a DFSP's ledger's by more than 30 s (ruling 39). */
const LATE_GRACE_S = 300;

/** Settings of the central ledger. */
export class CentralLedgerSettings extends WithLedger(WithDatabase(RoleSettings), LATE_GRACE_S) {
  @Setting({
    env: 'CAP_ALERT_PERCENT',
    unit: '%',
    meaning: 'share of its net debit cap from which an account is alerted of and listed; 0 is off',
  })
  @IsInt()
  @Min(0)
  @Max(100)
  capAlertPercent: number = 80;

  @Setting({
    env: 'CAP_CHECK_INTERVAL_MS',
    unit: 'ms',
    meaning: 'pause between two looks at how much of their net debit caps accounts use',
  })
  @IsInt()
  @Min(100)
  @Max(3_600_000)
  capCheckIntervalMs: number = 10_000;
}
