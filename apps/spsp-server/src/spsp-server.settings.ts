import { PeerUrl, WithCentralDirectory, WithDfspCallers, WithLedgerAccount } from '@level-one/peers';
import {
  DfspRoleSettings,
  IlpPrefix,
  Setting,
  SetupLifetimeMax,
  WithAdmission,
  WithCallers,
  WithDatabase,
  WithDeliveries,
  WithOperators,
  WithRetention,
  WithRolePassword,
  WithUnit,
} from '@level-one/platform';
import { IsIn, IsInt, Matches, Max, Min } from 'class-validator';

/** Settings of an SPSP server. */
export class SpspServerSettings extends WithLedgerAccount(
  WithDeliveries(
    WithRetention(
      WithAdmission(
        WithDfspCallers(
          WithCentralDirectory(WithOperators(WithCallers(WithRolePassword(WithUnit(WithDatabase(DfspRoleSettings)))))),
        ),
      ),
    ),
  ),
  '`reject` and `subscribe`',
) {
  @PeerUrl('SPSP_BACKEND_URL')
  spspBackendUrl: string;

  @PeerUrl('SCHEME_ADAPTER_URL')
  schemeAdapterUrl: string;

  @IlpPrefix('ILP_PREFIX')
  ilpPrefix: string;

  @Setting({
    env: 'RECEIVER_SECRET',
    meaning:
      'secret that the conditions of incoming payments are derived from: 32 bytes or more, hexadecimal or base64url; ' +
      'payments that were set up under another one can not be fulfilled',
    secret: true,
  })
  @Matches(/^[A-Za-z0-9_-]{43,}$/, { message: 'must be 32 bytes or more, hexadecimal or base64url' })
  receiverSecret: string;

  @Setting({ env: 'CONDITION_FORMAT', meaning: 'spelling of the conditions it issues: ni, or cc as before 2017' })
  @IsIn(['ni', 'cc'])
  conditionFormat: 'ni' | 'cc' = 'ni';

  @Setting({
    env: 'OUTCOME_CHECK_S',
    unit: 's',
    meaning: 'how long after the expiry of a payment without an end the ledger is asked for it',
  })
  @IsInt()
  @Min(1)
  @Max(3_600)
  outcomeCheckS: number = 60;

  @Setting({
    env: 'REQUEST_WRITTEN_AFTER_MS',
    unit: 'ms',
    meaning:
      'how long after its answer a payment request is written, unless its payment ends before; 0 writes it before the ' +
      'answer, as instances of release 0.2 need that run beside this one',
  })
  @IsInt()
  @Min(0)
  @Max(10_000)
  requestWrittenAfterMs: number = 2_000;

  @SetupLifetimeMax()
  setupLifetimeMaxS: number = 60;
}
