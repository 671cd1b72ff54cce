import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { secretProblem } from './secret-rule.js';

const SETTINGS = Symbol('settings');
const COMPUTED = Symbol('computed settings');

/** Description of one setting, beside the class-validator rules of its property. */
export interface SettingDescription {
  /** Environment variable. */
  env: string;
  meaning: string;
  /** Unit of a number: `ms`, `s`, `minor units`, … */
  unit?: string;
  /** Never printed. Secrets of the demo network are refused outside it. */
  secret?: boolean;
  /** Its value may contain a secret, so that messages do not show it. */
  hidden?: boolean;
  /** Completes a given value from other variables of the environment. @throws Error with what is wrong */
  complete?: (value: string, environment: Readonly<Record<string, string | undefined>>) => string;
  /** Text of the table for a computed default. */
  defaultText?: string;
  /** Computes the default from the given settings. */
  defaultFrom?: (settings: Readonly<Record<string, unknown>>) => unknown;
}

export interface SettingRow extends SettingDescription {
  property: string;
  type: 'string' | 'number' | 'boolean';
  default: string | undefined;
}

type SettingsClass<S extends object> = new () => S;

/** Marks a property of a settings class. Its initial value is the default. */
export function Setting(description: SettingDescription): PropertyDecorator {
  return (target, property) => {
    const inherited = (Reflect.getMetadata(SETTINGS, target) as Map<string, SettingDescription> | undefined) ?? [];
    const own = new Map([...inherited, [String(property), description]]);
    Reflect.defineMetadata(SETTINGS, own, target);
  };
}

/** Settings of a class in order of declaration, for the generated table. */
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

/** A start-up problem with one line that a person can act on; the process ends with exit code 1. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}

/** Parses one secret, or `name:secret` pairs separated by commas. */
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
  const [problem] = isShared ? [...problems, 'has the same secret twice'] : problems;
  return problem && `${row.env} ${problem}; choose your own (only DEMO_NETWORK=true accepts it)`;
}

/** Loopback names and addresses. */
const LOOPBACK = /^(127(\.\d{1,3}){3}|\[?::1\]?|localhost)$/i;

/** Settings that keep a demo network on this machine. */
interface DemoSettings {
  host?: string;
  publicUrl?: string;
  demoNetwork?: boolean;
}

/** Problem of a demo network that listens beyond loopback: its secrets are published. */
function demoProblem({ host, publicUrl }: DemoSettings): string | undefined {
  const places = [host, publicUrl && URL.canParse(publicUrl) ? new URL(publicUrl).hostname : undefined];
  const outside = places.find((place) => place !== undefined && !LOOPBACK.test(place));
  return (
    outside && `DEMO_NETWORK=true accepts published secrets, so HOST and PUBLIC_URL must be on loopback, not ${outside}`
  );
}

/** The value as it is given if it cannot be completed: its rules say what is wrong with it. */
function completed({ complete }: SettingRow, raw: string, environment: Record<string, string | undefined>): string {
  try {
    return complete?.(raw, environment) ?? raw;
  } catch {
    return raw;
  }
}

function parseSetting(row: SettingRow, raw: string): unknown {
  // A value that is not a number stays text, to be shown in the error.
  if (row.type === 'number') return raw.trim() === '' || Number.isNaN(Number(raw)) ? raw : Number(raw);
  if (row.type === 'boolean') return { true: true, false: false }[raw] ?? raw;
  return raw;
}

/** Hides name and password in URLs. */
function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/]*@/g, '//…@');
}

function explainProblem(error: ValidationError, row: SettingRow | undefined): string {
  const name = row?.env ?? error.property;
  if (error.value === undefined) return `${name} is missing (${row?.meaning ?? ''})`;
  const shown = row?.secret || row?.hidden ? '' : ` (is ${withoutPassword(JSON.stringify(error.value))})`;
  if (row?.type === 'number' && typeof error.value === 'string') return `${name}${shown}: must be a number`;
  return `${name}${shown}: ${Object.values(error.constraints ?? {}).join(', ')}`;
}

/** Checks a settings object. @throws StartupError with every wrong setting. */
export function validateSettings<S extends object>(settings: S): S {
  const rows = describeSettings(settings.constructor as SettingsClass<S>);
  const problems = validateSync(settings).map((error) =>
    explainProblem(
      error,
      rows.find((row) => row.property === error.property),
    ),
  );
  const { demoNetwork } = settings as DemoSettings;
  const found = demoNetwork
    ? [demoProblem(settings)]
    : rows.map((row) => problemWith(row, (settings as unknown as Record<string, unknown>)[row.property]));
  problems.push(...found.flatMap((problem) => problem ?? []));
  if (problems.length > 0) throw new StartupError(problems.join('; '));
  return settings;
}

/** Reads a role's settings from an environment. @throws StartupError with every wrong or missing setting. */
export function settingsFromEnvironment<S extends object>(
  settingsClass: SettingsClass<S>,
  environment: Record<string, string | undefined>,
): S {
  const values: Record<string, unknown> = {};
  for (const row of describeSettings(settingsClass)) {
    const raw = environment[row.env];
    if (raw !== undefined && raw !== '') values[row.property] = parseSetting(row, completed(row, raw, environment));
  }
  return settingsFrom(settingsClass, values);
}

/** Builds settings in code, for the demo network and tests. */
export function settingsOf<S extends object>(settingsClass: SettingsClass<S>, values: Partial<S>): S {
  return settingsFrom(settingsClass, values);
}

/** Whether the value of a setting is its computed default. */
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
