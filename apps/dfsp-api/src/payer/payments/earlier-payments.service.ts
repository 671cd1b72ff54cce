import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { InvoiceErrorId, invoiceError } from '@level-one/invoice';
import type { InvoiceWireStatus } from '@level-one/peers';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorOfPayment, PaymentErrorId } from '../../ledger/payment-errors.js';
import { InvoiceReader, type PayableInvoice } from '../invoices/invoice-reader.js';
import { type InvoiceOrder, PAYMENT_TAKES_MS_MAX } from './new-payment.js';
import { isBeingSent, isOpen, OutgoingPayment } from './outgoing-payment.entity.js';
import { OutgoingPaymentsRepository } from './outgoing-payments.repository.js';

const POLL_MS = 100;

/** Answers requests that repeat an earlier one with the outcome of that one, and says who else has paid an invoice. */
@Injectable()
export class EarlierPayments {
  constructor(
    private readonly payments: OutgoingPaymentsRepository,
    private readonly reader: InvoiceReader,
  ) {}

  /**
   * The open or executed payment that an order repeats; null if it repeats none. A product may be bought again once it
   * is paid.
   * @param invoice null if it was not read
   * @throws ContractError 422 InvoiceNotPendingError if the client pays, or has paid, the invoice from another account
   */
  async findRepeated(order: InvoiceOrder, invoice: PayableInvoice | null): Promise<OutgoingPayment | null> {
    const known = await this.findKnown(order);
    if (!known || !isOpen(known)) {
      const isOver = known !== null && isOfNotification(known, order);
      if (!isOver && invoice?.view.invoiceType === 'product') return null;
    }
    if (known && known.account !== order.account) {
      const message = `You ${isOpen(known) ? 'are paying' : 'have paid'} the invoice from another account`;
      throw errorOfPayment(invoiceError(InvoiceErrorId.NotPending, { message }), known.paymentId);
    }
    return known;
  }

  /** Waits for a payment while another request sends it, and for a limited time. Answers it as it is then. */
  async awaitSender(payment: OutgoingPayment): Promise<OutgoingPayment> {
    const until = Date.now() + PAYMENT_TAKES_MS_MAX;
    let known: OutgoingPayment | null = payment;
    while (known && isBeingSent(known) && Date.now() < until) {
      await sleep(POLL_MS);
      known = await this.payments.findPayment(payment.paymentId);
    }
    return known ?? payment;
  }

  /**
   * The refusal of a payment, with how its invoice has ended if that is the reason. A transfer for an invoice that was
   * cancelled or rejected after the setup is refused by the payee's ledger as expired.
   */
  async explainRefusal(error: unknown, invoiceUrl: string): Promise<unknown> {
    if (!(error instanceof ContractError)) return error;
    const isExpired = error.id === (PaymentErrorId.Expired as string);
    if (!isExpired && error.id !== (InvoiceErrorId.NotPending as string)) return error;
    const status = await this.statusOf(invoiceUrl);
    // Whoever has paid the invoice, it is not why a transfer expired.
    const isReason = status !== undefined && status !== 'unpaid' && !(isExpired && status === 'paid');
    return isReason ? notPayable(status) : error;
  }

  private findKnown({ invoiceUrl, payerIdentifier, notification }: InvoiceOrder): Promise<OutgoingPayment | null> {
    if (notification?.paymentId) return this.payments.findUnfailed(notification.paymentId);
    return this.payments.findOfInvoice(invoiceUrl, payerIdentifier);
  }

  private async statusOf(invoiceUrl: string): Promise<InvoiceWireStatus | undefined> {
    try {
      return (await this.reader.readInvoice(invoiceUrl)).view.status;
    } catch (error) {
      if (error instanceof ContractError) return undefined;
      throw error;
    }
  }
}

/** 422 InvoiceNotPendingError for an invoice that this client has not paid and cannot pay. */
export function notPayable(status: InvoiceWireStatus): ContractError {
  const message = status === 'paid' ? 'Somebody else has paid the invoice' : `The invoice is ${status}`;
  return invoiceError(InvoiceErrorId.NotPending, { message, extras: { type: `invoice.${status}` } });
}

function isOfNotification({ paymentId }: OutgoingPayment, { notification }: InvoiceOrder): boolean {
  return notification?.paymentId === paymentId;
}
