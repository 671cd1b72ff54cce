import { PeerUrl, WithLedgerAccount } from '@level-one/peers';
import { DfspRoleSettings, IlpPrefix, Setting, WithCallers, WithDatabase, WithOperators } from '@level-one/platform';
import { IsBoolean, IsInt, IsOptional, Matches, Max, Min, MinLength, ValidateIf } from 'class-validator';

const ROUTES = /^([A-Za-z0-9~_-]+\.)+=[^=,\s]+(,([A-Za-z0-9~_-]+\.)+=[^=,\s]+)*$/;

/** Settings of an ILP connector. */
export class IlpConnectorSettings extends WithLedgerAccount(
  WithOperators(WithCallers(WithDatabase(DfspRoleSettings))),
) {
  @IlpPrefix('ILP_PREFIX')
  ilpPrefix: string;

  @IlpPrefix('CENTRAL_ILP_PREFIX')
  centralIlpPrefix: string;

  @Setting({
    env: 'CONNECTOR_ROUTES',
    meaning: 'ILP prefix = account on the central ledger, with commas between; these count more than learned ones',
    defaultText: 'the routes that the central directory tells',
  })
  @ValidateIf(({ routes, centralDirectoryUrl }: IlpConnectorSettings) => Boolean(routes) || !centralDirectoryUrl)
  @Matches(ROUTES, {
    message: 'must be prefix.=account pairs with commas between, unless CENTRAL_DIRECTORY_URL is set',
  })
  routes?: string;

  @PeerUrl('CENTRAL_DIRECTORY_URL', 'the routes of CONNECTOR_ROUTES only')
  centralDirectoryUrl?: string;

  @Setting({
    env: 'CENTRAL_DIRECTORY_KEY',
    meaning: 'key that the central directory gave to the DFSP',
    defaultText: 'needed with CENTRAL_DIRECTORY_URL',
  })
  @ValidateIf(({ centralDirectoryUrl }: IlpConnectorSettings) => Boolean(centralDirectoryUrl))
  @Matches(/^[^:\s]+$/, { message: 'must be a key without colon and space' })
  centralDirectoryKey?: string;

  @Setting({
    env: 'CENTRAL_DIRECTORY_SECRET',
    meaning: 'secret that goes with that key',
    defaultText: 'needed with CENTRAL_DIRECTORY_URL',
    secret: true,
  })
  @ValidateIf(({ centralDirectoryUrl }: IlpConnectorSettings) => Boolean(centralDirectoryUrl))
  @MinLength(1)
  centralDirectorySecret?: string;

  @Setting({
    env: 'LEARN_ROUTES_INTERVAL_S',
    unit: 's',
    meaning: 'pause between two questions to the central directory for routes; a missing route is asked for at once',
  })
  @IsInt()
  @Min(1)
  @Max(3_600)
  learnRoutesIntervalS: number = 10;

  @PeerUrl('CENTRAL_LEDGER_URL')
  centralLedgerUrl: string;

  @Setting({ env: 'CENTRAL_LEDGER_NAME', meaning: "the DFSP's account on the central ledger" })
  @MinLength(1)
  centralLedgerName: string;

  @Setting({ env: 'CENTRAL_LEDGER_PASSWORD', meaning: 'password of that account', secret: true })
  @MinLength(1)
  centralLedgerPassword: string;

  @Setting({
    env: 'RATE',
    meaning: "how much of the central ledger's currency one unit of the DFSP's is worth; needed where they differ",
    defaultText: 'one to one, in one currency',
  })
  @IsOptional()
  @Matches(/^(?!0+(\.0+)?$)\d{1,12}(\.\d{1,18})?$/, { message: 'must be a decimal above 0' })
  rate: string;

  @Setting({ env: 'SPREAD', meaning: 'share of every amount that the connector keeps, each way, as 0.005' })
  @Matches(/^0(\.\d{1,18})?$/, { message: 'must be a decimal from 0 to below 1' })
  spread: string = '0';

  @Setting({
    env: 'REMOTE_QUOTES',
    meaning:
      "whether payees' connectors are asked what they deliver; without it every other DFSP is taken to trade one to " +
      "one in the central ledger's currency",
  })
  @IsBoolean()
  remoteQuotes: boolean = false;

  @Setting({
    env: 'MIN_MESSAGE_WINDOW_S',
    unit: 's',
    meaning: 'how much earlier than its source a destination transfer expires',
  })
  @IsInt()
  @Min(1)
  @Max(60)
  minMessageWindowS: number = 1;

  @Setting({
    env: 'MAX_HOLD_TIME_S',
    unit: 's',
    meaning: 'longest time for which the connector lets its money be held',
  })
  @IsInt()
  @Min(1)
  @Max(3_600)
  maxHoldTimeS: number = 60;

  @Setting({
    env: 'LIQUIDITY',
    unit: 'major units',
    meaning: "largest amount the connector forwards in one payment, in the DFSP's currency",
  })
  @Matches(/^\d+(\.\d+)?$/)
  liquidity: string = '1000000.00';

  @Setting({
    env: 'LATE_POLL_MS',
    unit: 'ms',
    meaning: 'pause between two looks for transfers to the connector that are past their expiry, on both ledgers',
  })
  @IsInt()
  @Min(50)
  @Max(60_000)
  latePollMs: number = 10_000;

  @Setting({
    env: 'RENEWAL_MAX_S',
    unit: 's',
    meaning: 'how long after its expiry a late transfer can be kept open by its creditor at most',
  })
  @IsInt()
  @Min(0)
  @Max(2_592_000)
  renewalMaxS: number = 86_400;

  @Setting({
    env: 'CLAIM_TRY_S',
    unit: 's',
    meaning:
      'how long a late claim is tried that its ledger cannot take; a little more than the CLAIM_WINDOW_S of the ledgers',
  })
  @IsInt()
  @Min(1)
  @Max(2_592_000)
  claimTryS: number = 90_000;

  @Setting({
    env: 'CLAIM_POLL_S',
    unit: 's',
    meaning: 'pause between two questions to a ledger about a late claim that waits there',
  })
  @IsInt()
  @Min(1)
  @Max(86_400)
  claimPollS: number = 300;
}
