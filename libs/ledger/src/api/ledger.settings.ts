import { IlpPrefix, type RoleSettings, Setting, WithUnit } from '@level-one/platform';
import { SIGNING_SEED } from '@level-one/peers';
import { IsInt, IsNumber, IsOptional, Matches, Max, Min, MinLength } from 'class-validator';

/** `account=key`, with commas between. */
const CLAIM_LEDGER_KEYS = /^[^,]+=[A-Za-z0-9_-]{43}(,[^,]+=[A-Za-z0-9_-]{43})*$/;

/** One day. */
const GRACE_S_MAX = 86_400;

/** Mixin for settings of a role that runs a ledger. @param lateGraceS default of `LATE_GRACE_S`. */
export function WithLedger<B extends new (...args: any[]) => RoleSettings>(base: B, lateGraceS = 600) {
  class LedgerRoleSettings extends WithUnit(base) {
    @IlpPrefix('ILP_PREFIX', 'none: the ledger has no ILP address')
    ilpPrefix: string;

    @Setting({ env: 'LEDGER_ADMIN_PASSWORD', meaning: 'password of the account admin', secret: true })
    @MinLength(1)
    ledgerAdminPassword: string;

    @Setting({ env: 'TOKEN_SECRET', meaning: 'signs the tokens of GET /auth_token', secret: true })
    @MinLength(1)
    tokenSecret: string;

    @Setting({
      env: 'PROPOSAL_LIFETIME_S',
      unit: 's',
      meaning: 'how long a proposed transfer waits for its authorization',
    })
    @IsInt()
    @Min(1)
    @Max(2_592_000)
    proposalLifetimeS: number = 86_400;

    @Setting({
      env: 'INVARIANTS_CHECK_HOURS',
      unit: 'h',
      meaning:
        'pause between two checks of all invariants for monitoring, each of which reads the whole ledger once; 0: none',
    })
    @IsInt()
    @Min(0)
    @Max(8_760)
    invariantsCheckHours: number = 24;

    @Setting({
      env: 'LATE_GRACE_S',
      unit: 's',
      meaning:
        'how long a transfer that credits a connector, or a DFSP on the central ledger, stays open to it after its expiry, unless its account has a grace of its own; 0 is off',
      defaultText: `LATE_SOURCE_GRACE_S if given, else ${lateGraceS}`,
      defaultFrom: ({ lateSourceGraceS }) => lateSourceGraceS ?? lateGraceS,
    })
    @IsInt()
    @Min(0)
    @Max(GRACE_S_MAX)
    lateGraceS: number;

    @Setting({
      env: 'LATE_SOURCE_GRACE_S',
      unit: 's',
      meaning: 'older name of LATE_GRACE_S, which wins; read for one more release',
    })
    @IsOptional()
    @IsInt()
    @Min(0)
    @Max(GRACE_S_MAX)
    lateSourceGraceS?: number;

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
      env: 'HEARTBEAT_S',
      unit: 's',
      meaning:
        'pause between two heartbeats, which each instance writes to the database; three missed ones in a row, of all instances, are a downtime, which extends running graces',
    })
    @IsNumber()
    @Min(0.1)
    @Max(3_600)
    heartbeatS: number = 5;

    @Setting({
      env: 'LEDGER_SIGNING_KEY',
      meaning:
        'Ed25519 key by which the ledger signs statements about transfers: its seed of 32 bytes, hexadecimal or base64url',
      defaultText: 'made from `TOKEN_SECRET`',
      secret: true,
    })
    @IsOptional()
    @Matches(SIGNING_SEED, { message: 'must be 32 bytes, hexadecimal or base64url' })
    ledgerSigningKey?: string;

    @Setting({
      env: 'CLAIM_LEDGER_KEYS',
      meaning:
        'public keys (GET /signing-key) of the ledgers behind this one, whose statements prove late claims: ' +
        'account=key, with commas between; the account is the creditor whose next ledger has the key; several keys may be given',
      defaultText: 'none: no late claim is taken',
    })
    @IsOptional()
    @Matches(CLAIM_LEDGER_KEYS, { message: 'must be account=key, with commas between; a key is 32 bytes, base64url' })
    claimLedgerKeys?: string;

    @Setting({
      env: 'CLAIM_ACCOUNT',
      meaning: 'account of kind s out of which late claims are paid',
      defaultText: 'none: late claims wait',
    })
    @IsOptional()
    @MinLength(1)
    claimAccount?: string;

    @Setting({
      env: 'CLAIM_WINDOW_S',
      unit: 's',
      meaning: 'how long after its end a transfer can be claimed',
    })
    @IsInt()
    @Min(0)
    @Max(604_800)
    claimWindowS: number = 86_400;

    @Setting({
      env: 'CLAIM_UP_MAX_S',
      unit: 's',
      meaning:
        'how long the ledger may have been up while a transfer was open, so that its recorded downtime explains a late claim and nobody has to approve it',
    })
    @IsNumber()
    @Min(0)
    @Max(3_600)
    claimUpMaxS: number = 30;

    @Setting({
      env: 'REQUESTS_PER_CUSTOMER',
      unit: 'requests/s',
      meaning:
        "requests accepted from one customer's account without direct use, as an average over ten seconds; above it the answer is 429",
    })
    @IsInt()
    @Min(1)
    @Max(100_000)
    requestsPerCustomer: number = 50;
  }
  return LedgerRoleSettings;
}

/** The settings that a ledger reads from its role's. */
export interface LedgerSettings {
  demoNetwork?: boolean;
  publicUrl: string;
  databaseUrl: string;
  databaseSchema: string;
  databasePoolSize: number;
  currency: string;
  scale: number;
  precision: number;
  ilpPrefix?: string;
  ledgerAdminPassword: string;
  tokenSecret: string;
  /** How long a proposal waits for its authorization, in s. */
  proposalLifetimeS: number;
  /** Requests per second that one customer's account may send. */
  requestsPerCustomer: number;
  /** Grace of transfers that credit a connector or a DFSP, after their expiry, in s (ruling 39). */
  lateGraceS: number;
  /** How long after its expiry a transfer can be kept open by its creditor, in s. */
  renewalMaxS: number;
  /** Pause between two checks of the invariants, in hours; 0: none. */
  invariantsCheckHours: number;
  /** Pause between two heartbeats, in s. */
  heartbeatS: number;
  /** Seed of the key by which the ledger signs. */
  ledgerSigningKey?: string;
  /** Keys of following ledgers, by the account of the creditor. */
  claimLedgerKeys?: string;
  claimAccount?: string;
  claimWindowS: number;
  claimUpMaxS: number;
}
