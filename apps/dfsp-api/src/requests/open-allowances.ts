import { tooManyRequests } from '@level-one/platform';
import type { EntityManager } from 'typeorm';

/** What is open ends by itself within minutes. */
const TRY_AGAIN_MS = 60_000;

/** 429 TooManyRequestsError: what somebody has open here fills their allowance. */
export function tooManyOpen(message: string): Error {
  return tooManyRequests(TRY_AGAIN_MS, { message });
}

/**
 * Lets those that open something for one DFSP, or for nobody who is proven, count it one after the other, so that many
 * at once are not more than one after the other. It is the last step before the count and the commit: nobody waits for
 * more than these, and whoever waits here holds up nobody that is at it.
 */
export async function takeTurn(what: 'quotes' | 'setups', from: string | null, within: EntityManager): Promise<void> {
  await within.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`open ${what} of ${from ?? ''}`]);
}
