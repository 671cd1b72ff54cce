import { Injectable } from '@nestjs/common';
import { type Invoice, InvoiceRepository, InvoiceStatus } from '@level-one/invoice';
import { type EntityManager, In } from 'typeorm';
import { ReceiverPayment, ReceiverPaymentStatus } from './receiver-payment.entity.js';

/** Frees invoices: a payment whose money is at the ledger keeps its invoice, one that was only set up does not. */
@Injectable()
export class InvoiceHolds {
  constructor(private readonly invoices: InvoiceRepository) {}

  /**
   * Frees an invoice of the payment that claimed it. False if the money of that payment is prepared or executed. The
   * caller has locked the invoice: a payment that is prepared locks it too, so that none is prepared meanwhile.
   */
  async freeInvoice({ id, status, paymentId }: Invoice, within: EntityManager): Promise<boolean> {
    if (status !== InvoiceStatus.Approved || paymentId === null) return true;
    if (await hasMoney(paymentId, within)) return false;
    return this.invoices.releaseInvoice(id, paymentId, within);
  }
}

function hasMoney(paymentId: string, within: EntityManager): Promise<boolean> {
  const { Prepared, Executed } = ReceiverPaymentStatus;
  return within.existsBy(ReceiverPayment, { paymentId, status: In([Prepared, Executed]) });
}
