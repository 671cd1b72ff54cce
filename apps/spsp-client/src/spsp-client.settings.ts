import { PeerUrl, WithCentralDirectory, WithLedgerAccount, WithSigningKey } from '@level-one/peers';
import {
  DfspRoleSettings,
  IlpPrefix,
  Setting,
  SetupLifetimeMax,
  WithCallers,
  WithDatabase,
  WithOperators,
  WithRetention,
  WithRolePassword,
  WithUnit,
} from '@level-one/platform';
import { IsInt, Max, Min } from 'class-validator';

/** Settings of an SPSP client. */
export class SpspClientSettings extends WithLedgerAccount(
  WithRetention(
    WithSigningKey(
      WithCentralDirectory(WithOperators(WithCallers(WithRolePassword(WithUnit(WithDatabase(DfspRoleSettings)))))),
    ),
  ),
  '`authorize` and `subscribe`',
) {
  @PeerUrl('ILP_CONNECTOR_URL')
  ilpConnectorUrl: string;

  @PeerUrl('DFSP_LEDGER_URL', "callers may name accounts by the adapter's URIs alone")
  ledgerUrl: string | undefined;

  @IlpPrefix('ILP_PREFIX')
  ilpPrefix: string;

  @SetupLifetimeMax()
  setupLifetimeMaxS: number = 60;

  @Setting({
    env: 'IPR_EXPIRY_S',
    unit: 's',
    meaning: 'how long the transfer of a quoted payment may take (sourceExpiryDuration)',
  })
  @IsInt()
  @Min(2)
  @Max(60)
  iprExpiryS: number = 10;

  @Setting({
    env: 'WAIT_MS',
    unit: 'ms',
    meaning: 'how long a request to pay waits for the outcome before it is answered `pending`',
  })
  @IsInt()
  @Min(0)
  @Max(300_000)
  waitMs: number = 70_000;

  @Setting({
    env: 'EXPIRY_WAIT_S',
    unit: 's',
    meaning: 'how long after its expiry a request to pay waits for the news that the payment has expired',
  })
  @IsInt()
  @Min(0)
  @Max(60)
  expiryWaitS: number = 5;
}
