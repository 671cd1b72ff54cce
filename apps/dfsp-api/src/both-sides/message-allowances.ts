import { Injectable } from '@nestjs/common';
import { FailureCounter, tooManyRequests } from '@level-one/platform';
import { DfspApiSettings } from '../dfsp-api.settings.js';

const WINDOW_S = 60;

/** How many messages other DFSPs may send in a minute. All unproven requests share one allowance. */
@Injectable()
export class MessageAllowances {
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
   * Counts one invoice notification to a customer; `from` is the proven DFSP, if any. Each DFSP has an allowance of its
   * own for one customer, so that no DFSP uses up another's.
   * @throws ContractError 429 TooManyRequestsError
   */
  async takeNotification(from: string | undefined, customer: string): Promise<void> {
    const waits = [
      await (from === undefined ? this.ofUnproven : this.ofDfsps).takePoints(from ?? '', 1),
      await this.ofCustomers.takePoints(JSON.stringify([from ?? null, customer]), 1),
    ];
    const waitMs = Math.max(...waits);
    if (waitMs > 0) throw tooManyRequests(waitMs);
  }
}
