import { IlpPrefix, type RoleSettings, Setting, WithUnit } from '@level-one/platform';
import { IsInt, Max, Min, MinLength } from 'class-validator';

/** Mixin for settings of a role that runs a ledger. */
export function WithLedger<B extends new (...args: any[]) => RoleSettings>(base: B) {
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
  /** Grace of transfers that credit a connector, after their expiry, in s (ruling 9). */
  lateSourceGraceS?: number;
}
