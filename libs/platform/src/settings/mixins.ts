import { IsBoolean, IsInt, Matches, Max, Min, MinLength } from 'class-validator';
import type { AdmissionBounds } from '../limits/admission-limiter.js';
import { ROLES } from '../roles/identity.js';
import type { RoleSettings } from './role-settings.js';
import { Setting } from './settings.js';
import { CredentialPairs, DatabaseUrl } from './shared-settings.js';

/** Mixin for settings of a role with a database. */
export function WithDatabase<B extends new (...args: any[]) => RoleSettings>(base: B) {
  class DatabaseSettings extends base {
    @DatabaseUrl()
    databaseUrl: string;

    @Setting({ env: 'DATABASE_SCHEMA', meaning: 'schema of this instance in that database' })
    @Matches(/^[a-z_][a-z0-9_]{0,62}$/)
    databaseSchema: string;

    @Setting({
      env: 'DATABASE_POOL_SIZE',
      unit: 'connections',
      meaning: 'maximum of connections of its pool; docs/operate.md says how many an instance opens beside',
    })
    @IsInt()
    @Min(1)
    @Max(100)
    databasePoolSize: number = 5;

    @Setting({
      env: 'DATABASE_CONNECT_TIMEOUT_MS',
      unit: 'ms',
      meaning: 'time to open a connection, and to wait for a free one; then the answer is 503',
    })
    @IsInt()
    @Min(100)
    @Max(60_000)
    databaseConnectTimeoutMs: number = 5_000;

    @Setting({
      env: 'DATABASE_ANSWER_TIMEOUT_MS',
      unit: 'ms',
      meaning: 'time to wait for the answer of a statement; then it is cancelled, and the answer is 503',
    })
    @IsInt()
    @Min(1_000)
    @Max(600_000)
    databaseAnswerTimeoutMs: number = 10_000;

    @Setting({
      env: 'DATABASE_WAIT_S',
      unit: 's',
      meaning:
        'how long a role that starts waits for a database that is away, starting up or without a free connection',
    })
    @IsInt()
    @Min(0)
    @Max(3_600)
    databaseWaitS: number = 30;

    @Setting({
      env: 'MIGRATE',
      meaning: 'whether the role creates and migrates its schema when it starts; false: `npm run migrate` does',
    })
    @IsBoolean()
    migrate: boolean = true;

    @Setting({
      env: 'MIGRATION_WAIT_S',
      unit: 's',
      meaning:
        'how long another process that migrates the same schema is waited for; one that stops in the middle loses its ' +
        'lock after half of that',
    })
    @IsInt()
    @Min(2)
    @Max(3_600)
    migrationWaitS: number = 60;
  }
  return DatabaseSettings;
}

/** Mixin for settings of a role that calls other roles of its DFSP or of the centre. */
export function WithRolePassword<B extends new (...args: any[]) => RoleSettings>(base: B) {
  class CallingSettings extends base {
    @Setting({
      env: 'ROLE_PASSWORD',
      meaning: "this role's password; it calls others by HTTP Basic with the name of the role",
      secret: true,
    })
    @MinLength(1)
    rolePassword: string;
  }
  return CallingSettings;
}

/** Mixin for settings of a role that other roles of its DFSP or of the centre call. */
export function WithCallers<B extends new (...args: any[]) => RoleSettings>(base: B) {
  class CalledSettings extends base {
    @Setting({
      env: 'CALLERS',
      meaning: 'roles that call this one, each with its ROLE_PASSWORD: role:password, with commas between',
      secret: true,
    })
    @Matches(new RegExp(`^(${ROLES.join('|')}):[^,\\s]+(,(${ROLES.join('|')}):[^,\\s]+)*$`), {
      message: 'must be role:password pairs with commas between',
    })
    callers: string;
  }
  return CalledSettings;
}

/** Mixin for settings of a role that its operators look into. */
export function WithOperators<B extends new (...args: any[]) => RoleSettings>(base: B) {
  class OperatorSettings extends base {
    @CredentialPairs(
      'OPERATOR_CREDENTIALS',
      'operators, who may read what is open and what happened to a payment',
      'nobody may',
    )
    operatorCredentials: string | undefined;
  }
  return OperatorSettings;
}

/** Mixin for settings of a role that channels of its DFSP call. */
export function WithChannels<B extends new (...args: any[]) => RoleSettings>(base: B) {
  class ChannelSettings extends base {
    @CredentialPairs('DFSP_API_CREDENTIALS', 'channels of the DFSP that may call')
    apiCredentials: string;
  }
  return ChannelSettings;
}

/** Mixin for settings of a role whose callers begin payments, quotes and invoices. */
export function WithAdmission<B extends new (...args: any[]) => RoleSettings>(base: B) {
  class AdmissionSettings extends base implements AdmissionBounds {
    @Setting({
      env: 'ADMISSION_MIN',
      unit: 'requests',
      meaning:
        'how many requests that begin a payment, a quote or an invoice are worked on at once while the process has no ' +
        'idle time; 0 means that none waits or is refused for too much load',
    })
    @IsInt()
    @Min(0)
    @Max(10_000)
    admissionMin: number = 8;

    @Setting({
      env: 'ADMISSION_MAX',
      unit: 'requests',
      meaning: 'how many such requests are worked on at once at most, however idle the process is',
    })
    @IsInt()
    @Min(1)
    @Max(10_000)
    admissionMax: number = 1_000;

    @Setting({
      env: 'ADMISSION_QUEUE',
      unit: 'requests',
      meaning: 'how many such requests wait to be worked on; above it the answer is 503 with `Retry-After`',
    })
    @IsInt()
    @Min(0)
    @Max(10_000)
    admissionQueue: number = 24;

    @Setting({
      env: 'ADMISSION_WAIT_MS',
      unit: 'ms',
      meaning: 'how long such a request waits; then the answer is 503 with `Retry-After`',
    })
    @IsInt()
    @Min(0)
    @Max(10_000)
    admissionWaitMs: number = 5_000;
  }
  return AdmissionSettings;
}

/** Mixin for settings of a role that deletes what is over. */
export function WithRetention<B extends new (...args: any[]) => RoleSettings>(base: B) {
  class RetentionSettings extends base {
    @Setting({
      env: 'RETENTION_DAYS',
      unit: 'days',
      meaning: 'how long what is over is kept (docs/operate.md lists it); payments, invoices and ledgers stay',
    })
    @IsInt()
    @Min(1)
    @Max(36_500)
    retentionDays: number = 90;
  }
  return RetentionSettings;
}

/** Settings of a database connection. */
export interface DatabaseSettings {
  databaseUrl: string;
  databaseSchema: string;
  databasePoolSize: number;
  databaseConnectTimeoutMs?: number;
  databaseAnswerTimeoutMs?: number;
  databaseWaitS?: number;
  migrate?: boolean;
  migrationWaitS?: number;
}
