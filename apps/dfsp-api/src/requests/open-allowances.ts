import { tooManyRequests } from '@level-one/platform';
import type { EntityManager } from 'typeorm';

/** Open quotes and setups expire within minutes. */
const TRY_AGAIN_MS = 60_000;

/** 429 TooManyRequestsError for a DFSP whose open quotes, setups or invoices fill its allowance. */
export function tooManyOpen(message: string): Error {
  return tooManyRequests(TRY_AGAIN_MS, { message });
}

/**
 * Takes a lock until the end of the transaction, so that requests of one DFSP (or all unproven ones) count their open
 * quotes or setups one after the other and cannot exceed the maximum together. Take it last, right before count and
 * commit: then the lock is held only for these.
 */
export async function takeTurn(what: 'quotes' | 'setups', from: string | null, within: EntityManager): Promise<void> {
  await within.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`open ${what} of ${from ?? ''}`]);
}
