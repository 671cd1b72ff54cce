import { Injectable } from '@nestjs/common';
import {
  InvoiceErrorId,
  invoiceError,
  type InvoiceNotification,
  InvoiceNotificationRepository,
  InvoiceNotificationStatus,
  NOTIFICATION_CHANNEL_STATUS,
  revocationMemo,
} from '@level-one/invoice';
import { formatAmount } from '@level-one/money';
import { isContractUuid } from '@level-one/platform';
import type { Quote } from '@level-one/quote';
import { deadlineFrom } from '@level-one/work';
import { DataSource } from 'typeorm';
import { CustomerErrorId } from '../../customers/customer-errors.js';
import { CustomersService } from '../../customers/customers.service.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { splitName } from '../../lookup/person-name.js';
import { NoticeKind } from '../../notices/notice.entity.js';
import { NoticeSender } from '../../notices/notice-sender.js';
import { NoticesRepository } from '../../notices/notices.repository.js';
import { closeIfOver } from '../invoices/close-if-over.js';
import { InvoiceReader } from '../invoices/invoice-reader.js';
import { InvoiceQuotes } from '../payments/invoice-quotes.service.js';
import { OutgoingPaymentsService, type PaidInvoice } from '../payments/outgoing-payments.service.js';
import { NotificationStatusDto, NotifiedInvoiceDto, PendingInvoicesDto } from './invoice-notifications.dto.js';
import { invoiceUrlParts } from './invoice-url-parts.js';

/** Lists, shows, rejects and pays the invoices that this DFSP's clients were notified of. */
@Injectable()
export class InvoiceNotificationsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: DfspApiSettings,
    private readonly notifications: InvoiceNotificationRepository,
    private readonly customers: CustomersService,
    private readonly reader: InvoiceReader,
    private readonly quotes: InvoiceQuotes,
    private readonly payments: OutgoingPaymentsService,
    private readonly notices: NoticesRepository,
    private readonly sender: NoticeSender,
  ) {}

  /** @throws ContractError 404 ClientNotFound */
  async pendingOf(userNumber: string, page: { limit: number; offset: number }): Promise<PendingInvoicesDto> {
    await this.customers.getCustomer(userNumber, CustomerErrorId.ClientNotFound);
    const pending = await this.notifications.listPendingOf(userNumber, page);
    return {
      invoices: pending.map(({ id, status, memo }) => ({
        invoiceNotificationId: id,
        status: NOTIFICATION_CHANNEL_STATUS[status],
        info: memo,
      })),
    };
  }

  /** The invoice with its price, for the client. @throws ContractError 404 InvoiceNotificationNotFoundError, 502 */
  async showNotification(id: string): Promise<NotifiedInvoiceDto> {
    const notification = await this.getNotification(id);
    const { invoiceUrl, senderIdentifier: payerIdentifier } = notification;
    const invoice = await this.reader.readInvoice(invoiceUrl, { payerIdentifier });
    const { view } = invoice;
    const status = await closeIfOver(this.notifications, notification, view.status);
    const isPayable = status === InvoiceNotificationStatus.Pending && view.status === 'unpaid';
    const quote = isPayable ? await this.quotes.quoteToShow({ ...invoice, invoiceUrl, payerIdentifier }) : null;
    const fee = quote?.fee ?? invoice.fee;
    return {
      ...splitName(view.name),
      amount: view.amount,
      currencyCode: view.currencyCode,
      currencySymbol: view.currencySymbol,
      fee: formatAmount(fee, this.settings.scale),
      ...(quote === null ? {} : this.priceOf(quote)),
      status: NOTIFICATION_CHANNEL_STATUS[status],
    };
  }

  /**
   * Rejects an invoice for the client, and writes a notice to the merchant's DFSP. A repeated rejection changes nothing.
   * @throws ContractError 404 InvoiceNotificationNotFoundError; 422 InvoiceNotPendingError.
   */
  async rejectNotification(id: string): Promise<NotificationStatusDto> {
    const { id: notificationId, invoiceUrl, senderIdentifier } = await this.getNotification(id);
    const parts = invoiceUrlParts(invoiceUrl);
    const notice = await this.dataSource.transaction(async (manager) => {
      if (!(await this.notifications.rejectNotification(notificationId, manager))) {
        const { status } = await this.getNotification(id);
        if (status === InvoiceNotificationStatus.Rejected) return undefined;
        throw invoiceError(InvoiceErrorId.NotPending);
      }
      if (!parts) return undefined;
      const memo = revocationMemo('rejected');
      const deadlineAt = deadlineFrom(new Date(), this.settings);
      return this.notices.addNotice(
        { ...parts, kind: NoticeKind.Rejected, invoiceUrl, senderIdentifier, memo, deadlineAt },
        manager,
      );
    });
    if (notice) await this.sender.sendNow(notice);
    return { invoiceNotificationId: notificationId, status: 'rejected' };
  }

  /**
   * Pays the invoice of a notification.
   * @throws ContractError 404 InvoiceNotificationNotFoundError, ClientNotFound, NotFoundError (account); and as
   * {@link OutgoingPaymentsService.payInvoice}
   */
  async payNotification(id: string, account: string): Promise<PaidInvoice> {
    const notification = await this.getNotification(id);
    const { invoiceUrl, senderIdentifier: payerIdentifier } = notification;
    const customer = await this.customers.getCustomer(payerIdentifier, CustomerErrorId.ClientNotFound);
    const ownAccount = await this.customers.ownAccountOf(customer, account);
    return this.payments.payInvoice({ invoiceUrl, payerIdentifier, account: ownAccount, notification });
  }

  /** @throws ContractError 404 InvoiceNotificationNotFoundError */
  private async getNotification(id: string): Promise<InvoiceNotification> {
    const notification = isContractUuid(id) ? await this.notifications.findNotification(id) : null;
    if (!notification) throw invoiceError(InvoiceErrorId.NotificationNotFound);
    return notification;
  }

  private priceOf({ sourceAmount, fee, expiresAt, paymentId }: Quote) {
    const { scale, currency } = this.settings;
    return {
      total: formatAmount(sourceAmount! + fee, scale),
      totalCurrency: currency,
      paymentId,
      quotedUntil: expiresAt.toISOString(),
    };
  }
}
