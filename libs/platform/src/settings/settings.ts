import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
  validateSync,
  type ValidationError,
} from 'class-validator';

import { ROLES } from '../roles/identity.js';
import { secretProblem } from './secret-rule.js';

const SETTINGS = Symbol('settings');
const COMPUTED = Symbol('computed settings');

/** What is written about one setting, beside the class-validator rules of its property. */
export interface SettingDescription {
  /** Environment variable. */
  env: string;
  meaning: string;
  /** Unit of a number: `ms`, `s`, `minor units`, … */
  unit?: string;
  /** Never printed, and refused outside the demo network when it is one of the demo's. */
  secret?: boolean;
  /** Written in the table where the default is computed. */
  defaultText?: string;
  /** Computes the default from the settings that are known. */
  defaultFrom?: (settings: Readonly<Record<string, unknown>>) => unknown;
}

export interface SettingRow extends SettingDescription {
  property: string;
  type: 'string' | 'number' | 'boolean';
  default: string | undefined;
}

type SettingsClass<S extends object> = new () => S;

/** Marks a property of a settings class; its initial value is the default. */
export function Setting(description: SettingDescription): PropertyDecorator {
  return (target, property) => {
    const inherited = (Reflect.getMetadata(SETTINGS, target) as Map<string, SettingDescription> | undefined) ?? [];
    const own = new Map([...inherited, [String(property), description]]);
    Reflect.defineMetadata(SETTINGS, own, target);
  };
}

/** The settings of a class in declaration order, for the generated table. */
export function describeSettings(settingsClass: SettingsClass<object>): SettingRow[] {
  const described = Reflect.getMetadata(SETTINGS, settingsClass.prototype) as Map<string, SettingDescription>;
  const defaults = new settingsClass() as Record<string, unknown>;
  return [...described].map(([property, description]) => {
    const constructor = Reflect.getMetadata('design:type', settingsClass.prototype, property) as unknown;
    const type = constructor === Number ? 'number' : constructor === Boolean ? 'boolean' : 'string';
    const value = defaults[property];
    return {
      ...description,
      property,
      type,
      default: description.defaultText ?? (value as string | undefined)?.toString(),
    };
  });
}

/** Thrown with one line that a person can act on; the process ends with exit code 1. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}

/** One secret, or a list of `name:secret` pairs separated by commas. */
function secretsIn(value: string): { name: string | undefined; secret: string }[] {
  return value.split(',').map((part) => {
    const colon = part.indexOf(':');
    return { name: colon < 0 ? undefined : part.slice(0, colon).trim(), secret: part.slice(colon + 1).trim() };
  });
}

function problemWith(row: SettingRow, value: unknown): string | undefined {
  if (!row.secret || typeof value !== 'string') return undefined;
  const secrets = secretsIn(value);
  const isShared = new Set(secrets.map(({ secret }) => secret)).size < secrets.length;
  const problems = secrets.flatMap(({ name, secret }) => secretProblem(secret, name) ?? []);
  const [problem] = isShared ? [...problems, 'gives one secret to two'] : problems;
  return problem && `${row.env} ${problem}; choose your own (only DEMO_NETWORK=true accepts it)`;
}

/** Names and addresses of this machine, and nothing else. */
const LOOPBACK = /^(127(\.\d{1,3}){3}|\[?::1\]?|localhost)$/i;

/** What everybody knows opens doors on this machine alone. */
function demoProblem({ host, publicUrl }: Partial<RoleSettings>): string | undefined {
  const places = [host, publicUrl && URL.canParse(publicUrl) ? new URL(publicUrl).hostname : undefined];
  const outside = places.find((place) => place !== undefined && !LOOPBACK.test(place));
  return (
    outside &&
    `DEMO_NETWORK=true takes published secrets, so HOST and PUBLIC_URL have to be on loopback, not ${outside}`
  );
}

function parse(row: SettingRow, raw: string): unknown {
  // What is no number is kept as it is, to be shown to who wrote it.
  if (row.type === 'number') return raw.trim() === '' || Number.isNaN(Number(raw)) ? raw : Number(raw);
  if (row.type === 'boolean') return { true: true, false: false }[raw] ?? raw;
  return raw;
}

/** URLs may carry a name and a password. */
function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/]*@/g, '//…@');
}

function explain(error: ValidationError, row: SettingRow | undefined): string {
  const name = row?.env ?? error.property;
  if (error.value === undefined) return `${name} is missing (${row?.meaning ?? ''})`;
  const shown = row?.secret ? '' : ` (is ${withoutPassword(JSON.stringify(error.value))})`;
  if (row?.type === 'number' && typeof error.value === 'string') return `${name}${shown}: must be a number`;
  return `${name}${shown}: ${Object.values(error.constraints ?? {}).join(', ')}`;
}

/** Checks a settings object however it was made. @throws StartupError naming every wrong setting. */
export function validateSettings<S extends object>(settings: S): S {
  const rows = describeSettings(settings.constructor as SettingsClass<S>);
  const problems = validateSync(settings).map((error) =>
    explain(
      error,
      rows.find((row) => row.property === error.property),
    ),
  );
  const { demoNetwork } = settings as Partial<RoleSettings>;
  const found = demoNetwork
    ? [demoProblem(settings)]
    : rows.map((row) => problemWith(row, (settings as unknown as Record<string, unknown>)[row.property]));
  problems.push(...found.flatMap((problem) => problem ?? []));
  if (problems.length > 0) throw new StartupError(problems.join('; '));
  return settings;
}

/** Reads a role's settings from an environment. @throws StartupError naming every wrong or missing one. */
export function settingsFromEnvironment<S extends object>(
  settingsClass: SettingsClass<S>,
  environment: Record<string, string | undefined>,
): S {
  const values: Record<string, unknown> = {};
  for (const row of describeSettings(settingsClass)) {
    const raw = environment[row.env];
    if (raw !== undefined && raw !== '') values[row.property] = parse(row, raw);
  }
  return settingsFrom(settingsClass, values);
}

/** Builds settings in code, as the demo network and tests do. */
export function settingsOf<S extends RoleSettings>(settingsClass: SettingsClass<S>, values: Partial<S>): S {
  return settingsFrom(settingsClass, values);
}

/** Whether nobody stated a setting, and its value was computed from others. */
export function isDefaultOf<S extends object>(settings: S, property: keyof S & string): boolean {
  return ((settings as { [COMPUTED]?: string[] })[COMPUTED] ?? []).includes(property);
}

function settingsFrom<S extends object>(settingsClass: SettingsClass<S>, values: object): S {
  const settings = plainToInstance(settingsClass, values, { exposeDefaultValues: true }) as S & Record<string, unknown>;
  const computed: string[] = [];
  for (const { property, defaultFrom } of describeSettings(settingsClass)) {
    if (settings[property] !== undefined || !defaultFrom) continue;
    Object.assign(settings, { [property]: defaultFrom(settings) });
    computed.push(property);
  }
  Object.defineProperty(settings, COMPUTED, { value: computed });
  return validateSettings<S>(settings);
}

/** What every role is told. */
export class RoleSettings {
  @Setting({ env: 'HOST', meaning: 'address the role listens on' })
  @MinLength(1)
  host: string = '127.0.0.1';

  @Setting({ env: 'PORT', meaning: 'TCP port the role listens on; 0 takes a free one' })
  @IsInt()
  @Min(0)
  @Max(65_535)
  port: number;

  @Setting({
    env: 'PUBLIC_URL',
    meaning: 'URL at which others reach this role, without the base path; every URI it hands out starts with it',
    defaultText: 'http://HOST:PORT',
  })
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  publicUrl: string;

  @Setting({ env: 'LOG_LEVEL', meaning: 'least level that is logged: debug, info, warn, error, silent' })
  @IsIn(['debug', 'info', 'warn', 'error', 'silent'])
  logLevel: string = 'info';

  @Setting({ env: 'CONNECTIONS_MAX', unit: 'connections', meaning: 'most connections open at once' })
  @IsInt()
  @Min(1)
  @Max(100_000)
  connectionsMax: number = 2_048;

  @Setting({
    env: 'CONNECTIONS_PER_ADDRESS',
    unit: 'connections',
    meaning: 'most connections from one address; behind a proxy all are from its address',
  })
  @IsInt()
  @Min(1)
  @Max(100_000)
  connectionsPerAddress: number = 1_024;

  @Setting({
    env: 'REQUESTS_PER_CONNECTION',
    unit: 'requests',
    meaning: 'most requests of one connection that wait for their answer; then the connection is ended',
  })
  @IsInt()
  @Min(1)
  @Max(1_000)
  requestsPerConnection: number = 32;

  @Setting({ env: 'REQUEST_TIMEOUT_S', unit: 's', meaning: 'time in which a request has to arrive, body included' })
  @IsInt()
  @Min(1)
  @Max(3_600)
  requestTimeoutS: number = 120;

  @Setting({
    env: 'DEMO_NETWORK',
    meaning: 'true only in a demo network: accepts the published demo secrets, and listens on loopback alone',
  })
  @IsBoolean()
  demoNetwork: boolean = false;

  @Setting({
    env: 'LOGIN_FAILURES_PER_ACCOUNT',
    unit: 'failures',
    meaning: 'different wrong secrets of one name that one address may send in ten minutes; then it is answered 429',
  })
  @IsInt()
  @Min(1)
  @Max(1_000)
  loginFailuresPerAccount: number = 10;

  @Setting({
    env: 'LOGIN_FAILURES_PER_ADDRESS',
    unit: 'failures',
    meaning: 'different wrong credentials that one address may send in a minute; then it is answered 429',
  })
  @IsInt()
  @Min(1)
  @Max(10_000)
  loginFailuresPerAddress: number = 100;

  @Setting({
    env: 'TRUSTED_PROXIES',
    meaning: 'addresses and subnets, separated by commas, whose X-Forwarded-For is believed',
    defaultText: 'none',
  })
  @IsOptional()
  @IsString()
  trustedProxies: string;
}

/** What every role of one DFSP is told. */
export class DfspRoleSettings extends RoleSettings {
  @Setting({ env: 'DFSP', meaning: 'short name of the DFSP this role belongs to' })
  @Matches(/^[a-z][a-z0-9-]{0,9}$/)
  dfsp: string;
}

/** Mixed into the settings of a role that keeps state. */
export function WithDatabase<B extends new (...args: any[]) => RoleSettings>(base: B) {
  class DatabaseSettings extends base {
    @Setting({ env: 'DATABASE_URL', meaning: 'PostgreSQL database, postgres://user:password@host:port/name' })
    @Matches(/^postgres(ql)?:\/\//, { message: 'must be a postgres:// URL' })
    databaseUrl: string;

    @Setting({ env: 'DATABASE_SCHEMA', meaning: 'schema of this instance in that database' })
    @Matches(/^[a-z_][a-z0-9_]{0,62}$/)
    databaseSchema: string;

    @Setting({ env: 'DATABASE_POOL_SIZE', unit: 'connections', meaning: 'most connections this instance opens' })
    @IsInt()
    @Min(1)
    @Max(100)
    databasePoolSize: number = 5;
  }
  return DatabaseSettings;
}

/** Mixed into the settings of a role that calls others of its DFSP, or of the centre. */
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

/** Mixed into the settings of a role that others of its DFSP, or of the centre, call. */
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

/** `name:password` pairs with commas between. */
const PAIRS = /^[^:,\s]+:[^,\s]+(,[^:,\s]+:[^,\s]+)*$/;

/** Mixed into the settings of a role that channels of its DFSP call. */
export function WithChannels<B extends new (...args: any[]) => RoleSettings>(base: B) {
  class ChannelSettings extends base {
    @Setting({
      env: 'DFSP_API_CREDENTIALS',
      meaning: 'channels of the DFSP that may call: name:password, or several of them with commas between',
      secret: true,
    })
    @Matches(PAIRS, { message: 'must be name:password pairs with commas between' })
    apiCredentials: string;
  }
  return ChannelSettings;
}

/** The four settings a database connection needs. */
export interface DatabaseSettings {
  databaseUrl: string;
  databaseSchema: string;
  databasePoolSize: number;
}
