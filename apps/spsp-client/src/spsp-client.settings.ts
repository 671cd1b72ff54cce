import { HTTP_URL, WithCentralDirectory, WithSigningKey } from '@level-one/peers';
import { DfspRoleSettings, Setting, WithCallers, WithDatabase, WithRolePassword, WithUnit } from '@level-one/platform';
import { IsInt, IsOptional, IsUrl, Matches, Max, Min, MinLength } from 'class-validator';

/** What an SPSP client is told. */
export class SpspClientSettings extends WithSigningKey(
  WithCentralDirectory(WithCallers(WithRolePassword(WithUnit(WithDatabase(DfspRoleSettings))))),
) {
  @Setting({ env: 'ILP_CONNECTOR_URL', meaning: "base URL of the DFSP's own ILP connector" })
  @IsUrl(HTTP_URL)
  ilpConnectorUrl: string;

  @Setting({ env: 'LEDGER_ADAPTER_URL', meaning: "base URL of the DFSP's own ledger adapter, with its /ilp/ledger/v1" })
  @IsUrl(HTTP_URL)
  ledgerAdapterUrl: string;

  @Setting({
    env: 'DFSP_LEDGER_URL',
    meaning: "base URL of the ledger behind the adapter: callers may name accounts by the ledger's own URIs, too",
    defaultText: "the adapter's alone",
  })
  @IsOptional()
  @IsUrl(HTTP_URL)
  dfspLedgerUrl: string | undefined;

  @Setting({
    env: 'LEDGER_NAME',
    meaning: 'account whose rights this role has on the ledger; it needs `authorize` and `subscribe`',
  })
  @MinLength(1)
  ledgerName: string;

  @Setting({ env: 'LEDGER_PASSWORD', meaning: 'password of that account', secret: true })
  @MinLength(1)
  ledgerPassword: string;

  @Setting({ env: 'ILP_PREFIX', meaning: "ILP prefix of the DFSP's ledger, ending with a dot" })
  @Matches(/^([A-Za-z0-9~_-]+\.)+$/)
  ilpPrefix: string;

  @Setting({
    env: 'SETUP_LIFETIME_MAX_S',
    unit: 's',
    meaning: "a setup never lasts longer, whatever the payee's side says: money is held no longer for it",
  })
  @IsInt()
  @Min(1)
  @Max(3_600)
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
