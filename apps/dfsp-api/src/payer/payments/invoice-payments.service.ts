import { Injectable } from '@nestjs/common';
import { type InvoiceNotification, InvoiceNotificationRepository, InvoiceNotificationStatus } from '@level-one/invoice';
import { formatAmount } from '@level-one/money';
import { CustomerErrorId } from '../../customers/customer-errors.js';
import { CustomersService } from '../../customers/customers.service.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { InvoiceReader } from '../invoices/invoice-reader.js';
import { InvoiceFeesDto, PayInvoiceDto } from './invoice-payments.dto.js';
import { InvoiceQuotes } from './invoice-quotes.service.js';
import { OutgoingPaymentsService, type PaidInvoice } from './outgoing-payments.service.js';

/** Pays invoices by their URL, with or without a notification. */
@Injectable()
export class InvoicePaymentsService {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly customers: CustomersService,
    private readonly reader: InvoiceReader,
    private readonly notifications: InvoiceNotificationRepository,
    private readonly quotes: InvoiceQuotes,
    private readonly payments: OutgoingPaymentsService,
  ) {}

  /**
   * @throws ContractError 404 ClientNotFound, NotFoundError (account); and as
   * {@link OutgoingPaymentsService.payInvoice}
   */
  async payInvoice({ invoiceUrl, identifier: payerIdentifier, account }: PayInvoiceDto): Promise<PaidInvoice> {
    const customer = await this.customers.getCustomer(payerIdentifier, CustomerErrorId.ClientNotFound);
    const ownAccount = await this.customers.ownAccountOf(customer, account);
    const notification = await this.findNotification(invoiceUrl, payerIdentifier);
    return this.payments.payInvoice({ invoiceUrl, payerIdentifier, account: ownAccount, notification });
  }

  /**
   * Fees for paying an invoice.
   * @throws ContractError 404 ClientNotFound, NotFoundError (account), InvoiceNotFoundError
   */
  async quoteFees({ invoiceUrl, identifier: payerIdentifier, account }: PayInvoiceDto): Promise<InvoiceFeesDto> {
    const customer = await this.customers.getCustomer(payerIdentifier, CustomerErrorId.ClientNotFound);
    await this.customers.ownAccountOf(customer, account);
    const invoice = await this.reader.readInvoice(invoiceUrl, { payerIdentifier });
    const quote = await this.quotes.quoteToShow({ ...invoice, invoiceUrl, payerIdentifier });
    const { scale, currency } = this.settings;
    const isOneCurrency = quote !== null && quote.currency === currency && quote.scale === scale;
    const connectorFee = isOneCurrency ? quote.sourceAmount! - quote.transferAmount : 0n;
    return { fee: formatAmount(quote?.fee ?? invoice.fee, scale), connectorFee: formatAmount(connectorFee, scale) };
  }

  /** The client's notification. One that is final does not count for a product: a product may be bought again. */
  private async findNotification(invoiceUrl: string, senderIdentifier: string): Promise<InvoiceNotification | null> {
    const known = await this.notifications.findPair({ invoiceUrl, senderIdentifier });
    if (known === null || known.status === InvoiceNotificationStatus.Pending) return known;
    const { view } = await this.reader.readInvoice(invoiceUrl);
    return view.invoiceType === 'product' ? null : known;
  }
}
