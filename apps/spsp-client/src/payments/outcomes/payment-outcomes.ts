import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { LedgerClient, type WireTransfer } from '@level-one/peers';
import { RoleLogger } from '@level-one/platform';
import type { Payment, PaymentEnd, PaymentRefusal } from '../store/payment.entity.js';
import { PaymentWaiters } from './payment-waiters.js';
import { PaymentsRepository } from '../store/payments.repository.js';
import { endOfRefused, endOfRejected, isSameTransfer } from './source-transfer.js';

/** Ends payments by the state of their T1 on the own ledger, and wakes the requests that wait for it. */
@Injectable()
export class SpspClientPaymentOutcomes {
  constructor(
    private readonly payments: PaymentsRepository,
    private readonly ledger: LedgerClient,
    private readonly waiters: PaymentWaiters,
    private readonly logger: RoleLogger,
  ) {}

  /** Ends the payment if T1 is final. `fulfillment`: from the event, where it has one. */
  async learnState(payment: Payment, transfer: WireTransfer, fulfillment?: string): Promise<void> {
    if (payment.status !== 'pending' || !isSameTransfer(payment.transfer, transfer)) return;
    if (transfer.state === 'rejected') return this.endPayment(payment, endOfRejected(transfer));
    if (transfer.state !== 'executed') return;
    // An event carries the fulfillment; without one, the ledger is asked.
    const submitted = fulfillment ?? (await this.ledger.fulfillment(payment.id));
    await this.endPayment(payment, { status: 'executed', fulfillment: submitted });
  }

  /** Ends the payment because the ledger refused T1: it will never be prepared. */
  async recordRefusal(payment: Payment, refusal: PaymentRefusal): Promise<void> {
    await this.endPayment(payment, endOfRefused(refusal, this.ledger.baseUrl, new Date()));
  }

  async expirePayment(payment: Payment): Promise<void> {
    await this.endPayment(payment, { status: 'expired' });
  }

  /** T1 as the ledger knows it; undefined when it does not, or has another transfer there. @throws ContractError 502. */
  async transferOf({ id, transfer }: Payment): Promise<WireTransfer | undefined> {
    try {
      const found = await this.ledger.transfer(id);
      return isSameTransfer(transfer, found) ? found : undefined;
    } catch (error) {
      if (error instanceof ContractError && error.status === 404) return undefined;
      throw error;
    }
  }

  private async endPayment({ id }: Payment, end: PaymentEnd): Promise<void> {
    const ended = await this.payments.endPayment(id, end);
    if (ended) this.logger.info({ paymentId: id, status: end.status }, 'payment ended');
    // Otherwise somebody else ended it.
    const payment = ended ?? (await this.payments.findPayment(id));
    if (payment) this.waiters.wakeRequests(payment);
  }
}
