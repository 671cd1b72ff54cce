import { PeerUrl, WithCentralDirectory, WithLedgerAccount } from '@level-one/peers';
import {
  CredentialPairs,
  DfspRoleSettings,
  Setting,
  WithAdmission,
  WithCallers,
  WithChannels,
  WithDatabase,
  WithDeliveries,
  WithRetention,
  WithRolePassword,
  WithUnit,
} from '@level-one/platform';
import { IsBoolean, IsInt, IsNumber, IsTimeZone, Matches, Max, Min } from 'class-validator';

const ACCOUNT_NAME = /^[A-Za-z0-9~_-]{1,64}$/;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Settings of a DFSP's API. */
export class DfspApiSettings extends WithLedgerAccount(
  WithDeliveries(
    WithRetention(
      WithAdmission(
        WithChannels(WithCentralDirectory(WithCallers(WithRolePassword(WithUnit(WithDatabase(DfspRoleSettings)))))),
      ),
    ),
  ),
  '`read`, `charge` and `void`',
) {
  @CredentialPairs(
    'DFSP_API_ADMIN_CREDENTIALS',
    'operators: who may manage fee and limit rules, and send again what could not be delivered',
  )
  adminCredentials: string;

  @PeerUrl('SPSP_CLIENT_PROXY_URL')
  spspClientProxyUrl: string;

  @PeerUrl('SCHEME_ADAPTER_URL')
  schemeAdapterUrl: string;

  @PeerUrl('SPSP_SERVER_URL')
  spspServerUrl: string;

  @PeerUrl('DFSP_LEDGER_URL')
  ledgerUrl: string;

  @Setting({ env: 'QUOTE_LIFETIME_S', unit: 's', meaning: 'how long a quote given to another DFSP holds' })
  @IsInt()
  @Min(1)
  @Max(86_400)
  quoteLifetimeS: number = 600;

  @Setting({
    env: 'LOOKUP_KEPT_S',
    unit: 's',
    meaning: 'how long a payee who was looked up can be quoted without another look-up; 0: every quote looks up',
  })
  @IsInt()
  @Min(0)
  @Max(60)
  lookupKeptS: number = 10;

  @Setting({
    env: 'FEE_NETTING',
    meaning:
      "whether a payee's fee is reduced by the rule's `payerFeeCredit`, the part that the payer's DFSP has charged",
  })
  @IsBoolean()
  feeNetting: boolean = true;

  @Setting({ env: 'TIME_ZONE', meaning: 'IANA time zone whose midnights begin the days, weeks and months of limits' })
  @IsTimeZone()
  timeZone: string = 'UTC';

  @Setting({ env: 'COUNT_REJECTED', meaning: 'whether a payment that was prepared and rejected counts towards limits' })
  @IsBoolean()
  countRejected: boolean = true;

  @Setting({ env: 'FEE_ACCOUNT', meaning: "account on the DFSP's ledger that fees are booked to" })
  @Matches(ACCOUNT_NAME)
  feeAccount: string = 'fees';

  @Setting({ env: 'COMMISSION_ACCOUNT', meaning: "account on the DFSP's ledger that commissions are paid from" })
  @Matches(ACCOUNT_NAME)
  commissionAccount: string = 'commission';

  @Setting({
    env: 'AGENT_COMMISSION_ACCOUNT',
    meaning: "account on the DFSP's ledger that commissions are booked to",
  })
  @Matches(ACCOUNT_NAME)
  agentCommissionAccount: string = 'agent-commission';

  @Setting({
    env: 'SETUP_LIFETIME_S',
    unit: 's',
    meaning: 'how long a payment may take after its setup; its invoice is reserved for this time',
  })
  @IsInt()
  @Min(1)
  @Max(3_600)
  setupLifetimeS: number = 60;

  @Setting({ env: 'BULK_PARALLEL', meaning: 'how many rows of bulk payments are worked on at once' })
  @IsInt()
  @Min(1)
  @Max(100)
  bulkParallel: number = 8;

  @Setting({
    env: 'BULK_DEADLINE_S',
    unit: 's',
    meaning: 'how long rows of a bulk payment are tried that cannot be checked or paid now, if the list does not say',
  })
  @IsInt()
  @Min(1)
  @Max(31_536_000)
  bulkDeadlineS: number = 86_400;

  @Setting({
    env: 'PAYMENT_GRACE_S',
    unit: 's',
    meaning: 'how long after the expiry of an unfinished payment this role waits before it asks for its status',
  })
  @IsInt()
  @Min(0)
  @Max(3_600)
  paymentGraceS: number = 5;

  @Setting({
    env: 'PAYMENT_LOST_S',
    unit: 's',
    meaning:
      'how long a payment of which the SPSP client knows nothing can be sent again by a repeated request; then its id is made void',
  })
  @IsInt()
  @Min(1)
  @Max(3_600)
  paymentLostS: number = 20;

  @Setting({
    env: 'PAYMENT_ASK_MAX_S',
    unit: 's',
    meaning: 'longest pause between two questions about the end of one open payment; they begin two seconds apart',
  })
  @IsInt()
  @Min(1)
  @Max(3_600)
  paymentAskMaxS: number = 30;

  @Setting({
    env: 'FRAUD_SCORE_THRESHOLD',
    meaning: 'a client whose fraud score is above it is refused (UserIsAboveFraudThreshold)',
  })
  @IsNumber()
  @Min(0)
  fraudScoreThreshold: number = 50;

  @Setting({
    env: 'NOTIFICATION_CHECK_S',
    unit: 's',
    meaning: "when a pending notification is first compared with its invoice at the merchant's DFSP",
  })
  @IsInt()
  @Min(1)
  @Max(86_400)
  notificationCheckS: number = 30;

  @Setting({
    env: 'NOTIFICATION_CHECK_MAX_S',
    unit: 's',
    meaning: 'longest pause between two comparisons; each is twice as long as the one before',
  })
  @IsInt()
  @Min(1)
  @Max(86_400)
  notificationCheckMaxS: number = 900;

  @Setting({
    env: 'NOTIFICATIONS_PER_DFSP',
    meaning: "how many pending invoices of one DFSP this DFSP's clients may have in all",
  })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  notificationsPerDfsp: number = 10_000;

  @Setting({
    env: 'NOTIFICATIONS_PER_CUSTOMER',
    meaning: 'how many pending invoices of one DFSP one client may have',
  })
  @IsInt()
  @Min(1)
  @Max(100_000)
  notificationsPerCustomer: number = 200;

  @Setting({
    env: 'NOTIFICATIONS_PER_MINUTE',
    meaning: 'how many invoice notifications, cancellations and rejections one proven DFSP may send in a minute',
  })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  notificationsPerMinute: number = 6_000;

  @Setting({
    env: 'NOTIFICATIONS_PER_CUSTOMER_PER_MINUTE',
    meaning: 'how many notifications, cancellations and rejections about one client one DFSP may send in a minute',
  })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  notificationsPerCustomerPerMinute: number = 1_200;

  @Setting({
    env: 'UNPROVEN_NOTIFICATIONS_PER_MINUTE',
    meaning:
      'how many notifications, cancellations and rejections may come in a minute in requests that are not signed, in all',
  })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  unprovenNotificationsPerMinute: number = 60;

  @Setting({ env: 'QUOTES_PER_DFSP', meaning: 'how many open quotes one proven DFSP may have' })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  quotesPerDfsp: number = 50_000;

  @Setting({ env: 'QUOTES_PER_CUSTOMER', meaning: 'how many open quotes for one customer one proven DFSP may have' })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  quotesPerCustomer: number = 1_000;

  @Setting({
    env: 'UNPROVEN_QUOTES',
    meaning: 'how many open quotes may come from requests that are not signed, in all',
  })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  unprovenQuotes: number = 20;

  @Setting({
    env: 'UNPROVEN_QUOTES_PER_CUSTOMER',
    meaning: 'how many open quotes for one customer may come from requests that are not signed',
  })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  unprovenQuotesPerCustomer: number = 10;

  @Setting({
    env: 'SETUPS_PER_DFSP',
    meaning: 'how many open setups one proven DFSP may have',
  })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  setupsPerDfsp: number = 10_000;

  @Setting({ env: 'SETUPS_PER_CUSTOMER', meaning: 'how many open setups for one customer one proven DFSP may have' })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  setupsPerCustomer: number = 1_000;

  @Setting({
    env: 'UNPROVEN_SETUPS',
    meaning: 'how many open setups may come from requests that are not signed, in all',
  })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  unprovenSetups: number = 20;

  @Setting({
    env: 'UNPROVEN_SETUPS_PER_CUSTOMER',
    meaning: 'how many open setups for one customer may come from requests that are not signed',
  })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  unprovenSetupsPerCustomer: number = 10;

  @Setting({ env: 'SWEEP_INTERVAL_MS', unit: 'ms', meaning: 'pause between two runs of the background work' })
  @IsInt()
  @Min(10)
  @Max(DAY_MS)
  sweepIntervalMs: number = 1_000;
}
