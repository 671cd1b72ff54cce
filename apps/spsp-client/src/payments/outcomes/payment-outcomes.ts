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

  /** Ends the payment if T1 is final. */
  async learnState(payment: Payment, transfer: WireTransfer): Promise<void> {
    const end = await this.endOf(payment, transfer);
    if (end) await this.endPayment(payment, end);
  }

  /**
   * As {@link learnState}, from an event of the ledger. Requests are answered at once; nobody waits for the row, which is
   * written with those of other payments. After a crash in between, the event comes again.
   *
   * @param fulfillment of the event, where it has one
   */
  async learnEvent(payment: Payment, transfer: WireTransfer, fulfillment?: string): Promise<void> {
    const end = await this.endOf(payment, transfer, fulfillment);
    if (!end) return;
    this.waiters.wakeRequests(Object.assign({}, payment, end));
    if (await this.payments.endWithOthers(payment.id, end)) this.logEnd(payment, end);
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

  /** How a payment ended whose T1 is final; undefined for any other. @throws ContractError 502 */
  private async endOf(payment: Payment, transfer: WireTransfer, fulfillment?: string): Promise<PaymentEnd | undefined> {
    if (payment.status !== 'pending' || !isSameTransfer(payment.transfer, transfer)) return undefined;
    if (transfer.state === 'rejected') return endOfRejected(transfer);
    if (transfer.state !== 'executed') return undefined;
    return { status: 'executed', fulfillment: fulfillment ?? (await this.ledger.fulfillment(payment.id)) };
  }

  private async endPayment(payment: Payment, end: PaymentEnd): Promise<void> {
    const ended = await this.payments.endPayment(payment.id, end);
    if (ended) this.logEnd(payment, end);
    // Otherwise somebody else ended it.
    const known = ended ?? (await this.payments.findPayment(payment.id));
    if (known) this.waiters.wakeRequests(known);
  }

  private logEnd({ id }: Payment, { status }: PaymentEnd): void {
    this.logger.info({ paymentId: id, status }, 'payment ended');
  }
}
