import { Injectable } from '@nestjs/common';
import { FailureCounter, tooManyRequests } from '@level-one/platform';
import type { EntityManager } from 'typeorm';
import { DfspApiSettings } from '../dfsp-api.settings.js';

const WINDOW_S = 60;
/** What is open ends by itself within minutes. */
const TRY_AGAIN_MS = 60_000;

/** How often other DFSPs may ask for something in a minute. Whoever is not proven shares one allowance with all such. */
@Injectable()
export class Allowances {
  private readonly ofDfsps: FailureCounter;
  private readonly ofUnproven: FailureCounter;
  private readonly ofCustomers: FailureCounter;

  constructor({
    notificationsPerMinute,
    unprovenNotificationsPerMinute,
    notificationsPerCustomerPerMinute,
  }: DfspApiSettings) {
    this.ofDfsps = new FailureCounter(notificationsPerMinute, WINDOW_S);
    this.ofUnproven = new FailureCounter(unprovenNotificationsPerMinute, WINDOW_S);
    this.ofCustomers = new FailureCounter(notificationsPerCustomerPerMinute, WINDOW_S);
  }

  /**
   * One invoice notification to a customer, by a proven DFSP or by nobody who is proven. Of one customer each DFSP has an
   * allowance of its own, so that none uses up another's.
   * @throws ContractError 429 TooManyRequestsError
   */
  async takeNotification(from: string | undefined, customer: string): Promise<void> {
    const waits = [
      await (from === undefined ? this.ofUnproven : this.ofDfsps).take(from ?? '', 1),
      await this.ofCustomers.take(JSON.stringify([from ?? null, customer]), 1),
    ];
    const waitMs = Math.max(...waits);
    if (waitMs > 0) throw tooManyRequests(waitMs);
  }
}

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
