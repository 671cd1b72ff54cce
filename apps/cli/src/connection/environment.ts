import { describeSettings } from '@level-one/platform';
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { NetworkSettings } from '../../../network/src/network.settings.js';
import { ReadOpenSettings } from '../../../network/src/open/read-open.settings.js';
import { ReconcileSettings } from './reconcile.settings.js';
import { VerifyLedgersSettings } from '../../../network/src/verify/verify-ledgers.settings.js';
import { WrongUseError } from '../exit-codes.js';
import { CONNECTION_OPTIONS, optionName, SETTINGS_FILE } from './connection-options.js';
import { ConnectionSettings } from './connection.settings.js';

export type Environment = Record<string, string | undefined>;

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/**
 * Names that a file may set. It may lie in a folder that somebody else has filled, so it sets nothing that programs of this
 * machine read, as NODE_OPTIONS and PATH.
 */
const NAMES: ReadonlySet<string> = new Set(
  [ConnectionSettings, NetworkSettings, ReadOpenSettings, ReconcileSettings, VerifyLedgersSettings]
    .flatMap((settings) => describeSettings(settings))
    .map(({ env }) => env),
);

function onlySettings(lines: Environment): Environment {
  return Object.fromEntries(Object.entries(lines).filter(([name]) => NAMES.has(name)));
}

/** Lines of the form NAME=value. @throws WrongUseError if a file that was named cannot be read */
function settingsInFile(named: string | undefined): Environment {
  const path = named ?? SETTINGS_FILE;
  try {
    // Some editors begin a file with a mark of its encoding, which would be a part of the first name.
    return onlySettings(parseEnv(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')));
  } catch (error) {
    if (named === undefined && isMissing(error)) return {};
    throw new WrongUseError(`the file of settings ${path} cannot be read: ${(error as Error).message}`);
  }
}

/**
 * Settings of a command: options before the environment, and the environment before the file of settings.
 * @throws WrongUseError
 */
export function mergedEnvironment(options: Record<string, unknown>, environment: Environment): Environment {
  const file = options['config'] ?? environment['LEVELONE_CONFIG'];
  const merged = { ...settingsInFile(file === undefined ? undefined : String(file)), ...environment };
  for (const option of Object.values(CONNECTION_OPTIONS)) {
    const value = options[optionName(option)];
    if (value !== undefined) merged[option.env] = String(value);
  }
  return merged;
}
