import { Injectable } from '@nestjs/common';
import { type Invoice, InvoiceRepository, InvoiceStatus } from '@level-one/invoice';
import { type EntityManager, In } from 'typeorm';
import { ReceiverPayment, ReceiverPaymentStatus } from './receiver-payment.entity.js';

/** Which payment keeps an invoice from others: one that has money. One that was only set up gives way. */
@Injectable()
export class InvoiceHolds {
  constructor(private readonly invoices: InvoiceRepository) {}

  /**
   * Frees an invoice of the payment that claimed it. The caller has locked it, so that no money comes for it meanwhile:
   * a payment locks its invoice after it was marked as prepared. False when there is money, prepared or executed.
   */
  async freeInvoice({ id, status, paymentId }: Invoice, within: EntityManager): Promise<boolean> {
    if (status !== InvoiceStatus.Approved || paymentId === null) return true;
    if (await hasMoney(paymentId, within)) return false;
    return this.invoices.release(id, paymentId, within);
  }
}

function hasMoney(paymentId: string, within: EntityManager): Promise<boolean> {
  const { Prepared, Executed } = ReceiverPaymentStatus;
  return within.existsBy(ReceiverPayment, { paymentId, status: In([Prepared, Executed]) });
}
