import { Injectable } from '@nestjs/common';
import {
  InvoiceErrorId,
  invoiceError,
  type InvoiceNotification,
  invoiceNotificationId,
  InvoiceNotificationRepository,
  InvoiceNotificationStatus,
  NOTIFICATION_CHANNEL_STATUS,
  revocationMemo,
  revocationOf,
} from '@level-one/invoice';
import { formatAmount } from '@level-one/money';
import {
  type InvoiceNotificationInDto,
  type InvoiceNotificationResultDto,
  type InvoiceWireStatus,
  RegisteredOrigins,
} from '@level-one/peers';
import { CommonErrorId, commonError, isContractUuid } from '@level-one/platform';
import type { Quote } from '@level-one/quote';
import { DataSource } from 'typeorm';
import { CustomerErrorId } from '../customers/customer-errors.js';
import { CustomersService } from '../customers/customers.service.js';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { splitName } from '../directory/person-name.js';
import { InvoiceReader } from '../invoices/invoice-reader.js';
import { invoiceUrlParts, ownInvoiceId } from '../invoices/invoice-urls.js';
import { MerchantInvoicesService } from '../invoices/merchant-invoices.service.js';
import { NoticeKind } from '../notices/notice.entity.js';
import { NoticeSender } from '../notices/notice-sender.js';
import { NoticesRepository } from '../notices/notices.repository.js';
import { InvoiceQuotes } from '../payments/invoice-quotes.service.js';
import { NotificationStatusDto, NotifiedInvoiceDto, PendingInvoicesDto } from './invoice-notifications.dto.js';

/** Invoices that this DFSP's clients were told of. */
@Injectable()
export class InvoiceNotificationsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: DfspApiSettings,
    private readonly notifications: InvoiceNotificationRepository,
    private readonly customers: CustomersService,
    private readonly merchantInvoices: MerchantInvoicesService,
    private readonly reader: InvoiceReader,
    private readonly quotes: InvoiceQuotes,
    private readonly origins: RegisteredOrigins,
    private readonly notices: NoticesRepository,
    private readonly sender: NoticeSender,
  ) {}

  /**
   * Takes what another DFSP sends (hop III.E): a notification, which is stored once; or a memo by which the merchant
   * cancels, or the client rejects, what is stored.
   * @throws ContractError 404 UserNotFound, InvoiceNotFoundError, InvoiceNotificationNotFoundError; 422.
   */
  async receive(body: InvoiceNotificationInDto): Promise<InvoiceNotificationResultDto> {
    switch (revocationOf(body.memo)) {
      case 'cancelled':
        return this.cancel(body);
      case 'rejected':
        return this.rejectOwnInvoice(body);
      default:
        return this.store(body);
    }
  }

  /** @throws ContractError 404 ClientNotFound */
  async pendingOf(userNumber: string, page: { limit: number; offset: number }): Promise<PendingInvoicesDto> {
    await this.customers.get(userNumber, CustomerErrorId.ClientNotFound);
    const pending = await this.notifications.pendingOf(userNumber, page);
    return {
      invoices: pending.map(({ id, status, memo }) => ({
        invoiceNotificationId: id,
        status: NOTIFICATION_CHANNEL_STATUS[status],
        info: memo,
      })),
    };
  }

  /** @throws ContractError 404 InvoiceNotificationNotFoundError */
  async get(id: string): Promise<InvoiceNotification> {
    const notification = isContractUuid(id) ? await this.notifications.find(id) : null;
    if (!notification) throw invoiceError(InvoiceErrorId.NotificationNotFound);
    return notification;
  }

  /** What the client sees before they pay. @throws ContractError 404 InvoiceNotificationNotFoundError, 502 */
  async show(id: string): Promise<NotifiedInvoiceDto> {
    const notification = await this.get(id);
    const { invoiceUrl, senderIdentifier: payerIdentifier } = notification;
    const invoice = await this.reader.read(invoiceUrl, { payerIdentifier });
    const { view } = invoice;
    const status = await this.broughtUpToDate(notification, view.status);
    const isPayable = status === InvoiceNotificationStatus.Pending && view.status === 'unpaid';
    const quote = isPayable ? await this.quotes.shown({ ...invoice, invoiceUrl, payerIdentifier }) : null;
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

  private priceOf({ sourceAmount, fee, expiresAt, paymentId }: Quote) {
    const { scale, currency } = this.settings;
    return {
      total: formatAmount(sourceAmount! + fee, scale),
      totalCurrency: currency,
      paymentId,
      quotedUntil: expiresAt.toISOString(),
    };
  }

  /** An invoice that is over cannot be paid: neither can its notification. Answers the status it has now. */
  async broughtUpToDate(
    { id, status }: InvoiceNotification,
    invoiceStatus: InvoiceWireStatus,
  ): Promise<InvoiceNotificationStatus> {
    const over = {
      cancelled: InvoiceNotificationStatus.Cancelled,
      expired: InvoiceNotificationStatus.Expired,
    } as const;
    const to = invoiceStatus === 'cancelled' || invoiceStatus === 'expired' ? over[invoiceStatus] : undefined;
    return to !== undefined && (await this.notifications.close(id, to)) ? to : status;
  }

  /**
   * The client does not want to pay; the merchant's DFSP is told.
   * @throws ContractError 404 InvoiceNotificationNotFoundError; 422 InvoiceNotPendingError.
   */
  async reject(id: string): Promise<NotificationStatusDto> {
    const { id: notificationId, invoiceUrl, senderIdentifier } = await this.get(id);
    const parts = invoiceUrlParts(invoiceUrl);
    const notice = await this.dataSource.transaction(async (manager) => {
      if (!(await this.notifications.reject(notificationId, manager))) throw invoiceError(InvoiceErrorId.NotPending);
      if (!parts) return undefined;
      const memo = revocationMemo('rejected');
      return this.notices.add({ ...parts, kind: NoticeKind.Rejected, invoiceUrl, senderIdentifier, memo }, manager);
    });
    if (notice) await this.sender.sendNow(notice);
    return { invoiceNotificationId: notificationId, status: 'rejected' };
  }

  private async store({ invoiceUrl, senderIdentifier, memo }: InvoiceNotificationInDto) {
    await this.customers.get(senderIdentifier);
    await this.assertRegistered(invoiceUrl);
    const stored = await this.notifications.addOnce({
      id: invoiceNotificationId(invoiceUrl, senderIdentifier),
      invoiceUrl,
      senderIdentifier,
      memo,
      status: InvoiceNotificationStatus.Pending,
      paymentId: null,
      createdAt: new Date(),
    });
    return resultOf(stored);
  }

  /** The memo alone proves nothing: the invoice itself is read back and has to say so (ruling 7). */
  private async cancel(pair: InvoiceNotificationInDto): Promise<InvoiceNotificationResultDto> {
    const notification = await this.notifications.findPair(pair);
    if (!notification) throw invoiceError(InvoiceErrorId.NotificationNotFound);
    if (notification.status === InvoiceNotificationStatus.Cancelled) return resultOf(notification);
    const { view } = await this.reader.read(notification.invoiceUrl);
    if (view.status !== 'cancelled') {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'The invoice itself is not cancelled' });
    }
    if (!(await this.notifications.close(notification.id, InvoiceNotificationStatus.Cancelled))) {
      throw invoiceError(InvoiceErrorId.NotPending);
    }
    return { invoiceNotificationId: notification.id, status: 'cancelled' };
  }

  /** Row 9 in the other direction: a client elsewhere rejected an invoice of this DFSP's merchant. */
  private async rejectOwnInvoice(pair: InvoiceNotificationInDto): Promise<InvoiceNotificationResultDto> {
    const invoiceId = ownInvoiceId(this.settings, pair.invoiceUrl);
    if (!invoiceId) throw invoiceError(InvoiceErrorId.NotificationNotFound);
    await this.merchantInvoices.reject(invoiceId, pair.senderIdentifier);
    return { invoiceNotificationId: invoiceId, status: 'rejected' };
  }

  /** Nothing is stored that later could not be read back (ruling 2). */
  private async assertRegistered(invoiceUrl: string): Promise<void> {
    if (!(await this.origins.ownerOf(invoiceUrl))) throw invoiceError(InvoiceErrorId.NotFound);
  }
}

function resultOf({ id, status }: InvoiceNotification): InvoiceNotificationResultDto {
  return { invoiceNotificationId: id, status: NOTIFICATION_CHANNEL_STATUS[status] };
}
