import { Injectable } from '@nestjs/common';
import {
  type Invoice,
  InvoiceErrorId,
  invoiceError,
  InvoiceRepository,
  InvoiceStatus,
  invoiceStatusAt,
  InvoiceType,
} from '@level-one/invoice';
import { CommonErrorId, commonError, isContractUuid } from '@level-one/platform';
import { DataSource } from 'typeorm';
import { AmountType } from '@level-one/quote';
import { CustomerErrorId, customerError } from '../../customers/customer-errors.js';
import { CustomersService } from '../../customers/customers.service.js';
import { ReceiverPayment, ReceiverPaymentStatus } from './receiver-payment.entity.js';

/** Offer of a payer to pay an invoice. */
export interface InvoiceOffer {
  /** Number of the payer. */
  senderIdentifier: string;
  /** Minor units; the invoice's when absent. */
  amount?: bigint | undefined;
  /** RECEIVE is refused: an invoice is paid with its own amount (ruling 12). */
  amountType?: AmountType;
}

/** Checks whether invoices of this DFSP's merchants may be paid. */
@Injectable()
export class InvoicePayees {
  constructor(
    private readonly invoices: InvoiceRepository,
    private readonly customers: CustomersService,
    private readonly dataSource: DataSource,
  ) {}

  /**
   * An invoice that this payer may pay now.
   * @throws ContractError 404 InvoiceNotFoundError; 422 InvoiceNotPendingError, InvoicePayerMissmatchError,
   * UnprocessableEntityError for another amount, NoAccount
   */
  async payableInvoice(invoiceId: string, offer: InvoiceOffer): Promise<Invoice> {
    const invoice = await this.getInvoice(invoiceId);
    await this.assertPayable(invoice, offer);
    return invoice;
  }

  /**
   * Checks that this payer may pay an invoice now.
   * @throws ContractError 422 as {@link payableInvoice}
   */
  async assertPayable(invoice: Invoice, { senderIdentifier, amount, amountType }: InvoiceOffer): Promise<void> {
    const status = invoiceStatusAt(invoice, new Date());
    const isOpen =
      status === InvoiceStatus.Pending || (status === InvoiceStatus.Approved && !(await this.isPaid(invoice)));
    if (!isOpen) throw invoiceError(InvoiceErrorId.NotPending);
    if (invoice.type === InvoiceType.Standard && invoice.identifier !== senderIdentifier) {
      throw invoiceError(InvoiceErrorId.PayerMissmatch);
    }
    if (amount !== undefined && amount !== invoice.amount) throw notAllowed("The amount is not the invoice's");
    if (amountType === AmountType.Receive) throw notAllowed('amountType must be SEND for an invoice');
    await this.assertStillOwned(invoice);
  }

  /**
   * An invoice of this merchant.
   * @throws ContractError 404 InvoiceNotFoundError; 422 UnprocessableEntityError if it is another merchant's
   */
  async invoiceOf(invoiceId: string, merchantIdentifier: string): Promise<Invoice> {
    const invoice = await this.getInvoice(invoiceId);
    if (invoice.merchantIdentifier !== merchantIdentifier) throw notAllowed('The payee did not issue this invoice');
    return invoice;
  }

  /** Whether money of a payment is prepared; a payment that was only set up does not count. */
  private isPaid({ paymentId }: Invoice): Promise<boolean> {
    if (paymentId === null) return Promise.resolve(false);
    return this.dataSource.manager.existsBy(ReceiverPayment, { paymentId, status: ReceiverPaymentStatus.Prepared });
  }

  /** Checks the account again when an invoice is paid: the merchant may have given it up since. */
  private async assertStillOwned({ merchantIdentifier, account }: Invoice): Promise<void> {
    const merchant = await this.customers.findCustomer(merchantIdentifier);
    if (!merchant?.accounts.some(({ name }) => name === account)) throw customerError(CustomerErrorId.NoAccount);
    await this.customers.ownAccountOf(merchant, account);
  }

  private async getInvoice(invoiceId: string): Promise<Invoice> {
    const invoice = isContractUuid(invoiceId) ? await this.invoices.findInvoice(invoiceId) : null;
    if (!invoice) throw invoiceError(InvoiceErrorId.NotFound);
    return invoice;
  }
}

function notAllowed(message: string): Error {
  return commonError(CommonErrorId.UnprocessableEntity, { message });
}
