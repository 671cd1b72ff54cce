import { ContractError } from '@level-one/errors';
import { ConnectionStringError, DatabaseTrouble, databaseTroubleIn, isPassing } from '@level-one/work';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartupError } from '../settings/settings.js';

const FIRST_PAUSE_MS = 250;
const PAUSE_MAX_MS = 5_000;

export interface DatabaseWait {
  /** How long a database that may come back is waited for, in ms. */
  waitMs: number;
  /** Where it is, without login. */
  place: string;
  /** Receives one line when waiting begins. */
  warn: (line: string) => void;
}

const UNAVAILABLE = 503;

/** What the database suffers from, also where a part of the role has made an answer to a request of it. */
function troubleOf(error: unknown): DatabaseTrouble | undefined {
  if (!(error instanceof ContractError) || error.status !== UNAVAILABLE) return databaseTroubleIn(error);
  return databaseTroubleIn(error.cause) ?? DatabaseTrouble.Busy;
}

/** Why a database cannot be used, in one line without secrets. */
export function reasonOf(error: unknown): string {
  const trouble = databaseTroubleIn(error);
  const { message, code, errors, driverError } = error as Record<string, unknown> & { errors?: Error[] };
  const { detail } = (driverError ?? error) as { detail?: string };
  const text = String(errors?.[0]?.message || message || code || error).split('\n')[0]!;
  const reason = detail ? `${text} (${detail})` : text;
  return trouble === undefined ? reason : `it ${trouble}: ${reason}`;
}

/** Whether it is an answer of the database, or a connection string that does not suffice for it. */
function isOfDatabase(error: unknown): boolean {
  if (error instanceof ConnectionStringError) return true;
  const { code, severity, driverError } = (error ?? {}) as { code?: string; severity?: string; driverError?: unknown };
  return driverError !== undefined || (code?.length === 5 && severity !== undefined);
}

/**
 * Repeats work until the database can be used.
 *
 * @throws StartupError with one line, when it cannot be used in time, or waiting does not help
 */
export async function whenUsable<T>({ waitMs, place, warn }: DatabaseWait, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + waitMs;
  for (let pauseMs = FIRST_PAUSE_MS, isFirst = true; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS), isFirst = false) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StartupError) throw error;
      const trouble = troubleOf(error);
      if (trouble === undefined && !isOfDatabase(error)) throw error;
      const left = deadline - performance.now();
      if (trouble === undefined || !isPassing(trouble) || left <= 0) {
        throw new StartupError(`the database at ${place} cannot be used: ${reasonOf(error)}`);
      }
      if (isFirst) warn(`the database at ${place} ${trouble}; waiting for it for up to ${Math.ceil(waitMs / 1_000)} s`);
      await sleep(Math.min(pauseMs, left));
    }
  }
}
