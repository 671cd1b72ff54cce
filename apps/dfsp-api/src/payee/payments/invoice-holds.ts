import { Injectable } from '@nestjs/common';
import { type Invoice, InvoiceErrorId, InvoiceRepository, InvoiceStatus } from '@level-one/invoice';
import { type EntityManager, In } from 'typeorm';
import { ReceiverPaymentEnds } from './receiver-payment-ends.js';
import { ReceiverPayment, ReceiverPaymentStatus } from './receiver-payment.entity.js';
import { ReceiverPaymentsRepository } from './receiver-payments.repository.js';

const { Proposed, Prepared, Executed, Rejected } = ReceiverPaymentStatus;
const REVOKED = 'The invoice was rejected or cancelled before the payment came';

/** Frees invoices: a payment whose money is at the ledger keeps its invoice, one that was only set up is given up. */
@Injectable()
export class InvoiceHolds {
  constructor(
    private readonly invoices: InvoiceRepository,
    private readonly payments: ReceiverPaymentsRepository,
    private readonly ends: ReceiverPaymentEnds,
  ) {}

  /**
   * Gives up the payment that has claimed an invoice and is only set up: its transfer can never come any more, and the
   * invoice is pending again. Asks the ledger, so that no transaction may be open.
   * @throws ContractError 503 ServiceUnavailableError if the ledger cannot be asked
   */
  async giveUpSetup({ status, paymentId }: Invoice): Promise<void> {
    if (status !== InvoiceStatus.Approved || paymentId === null) return;
    const payment = await this.payments.findPayment(paymentId);
    if (payment?.status !== Proposed) return;
    const reason = { message: REVOKED, additional_info: { id: InvoiceErrorId.NotPending, message: REVOKED } };
    await this.ends.endPayment(payment, { status: Rejected, reason });
  }

  /**
   * Frees an invoice that is still approved though its payment has ended. False if the payment is open or executed, see
   * {@link giveUpSetup}. The caller has locked the invoice: a payment that is set up or prepared locks it too.
   */
  async freeInvoice({ id, status, paymentId }: Invoice, within: EntityManager): Promise<boolean> {
    if (status !== InvoiceStatus.Approved || paymentId === null) return true;
    if (await isHeld(paymentId, within)) return false;
    return this.invoices.releaseInvoice(id, paymentId, within);
  }
}

function isHeld(paymentId: string, within: EntityManager): Promise<boolean> {
  return within.existsBy(ReceiverPayment, { paymentId, status: In([Proposed, Prepared, Executed]) });
}
