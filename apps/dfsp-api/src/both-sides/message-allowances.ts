import { Injectable } from '@nestjs/common';
import { FailureCounter, tooManyRequests } from '@level-one/platform';
import { DfspApiSettings } from '../dfsp-api.settings.js';

const WINDOW_S = 60;

/** How often other DFSPs may ask for something in a minute. Whoever is not proven shares one allowance with all such. */
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
