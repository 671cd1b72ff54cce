import { Injectable } from '@nestjs/common';
import {
  InvoiceErrorId,
  invoiceError,
  type InvoiceNotification,
  invoiceNotificationId,
  InvoiceNotificationRepository,
  InvoiceNotificationStatus,
  type InvoiceType,
  isAddressed,
  NOTIFICATION_CHANNEL_STATUS,
  revocationMemo,
  revocationOf,
} from '@level-one/invoice';
import { ContractError } from '@level-one/errors';
import { formatAmount } from '@level-one/money';
import {
  type InvoiceNotificationInDto,
  type InvoiceNotificationResultDto,
  type InvoiceViewDto,
  type InvoiceWireStatus,
  RegisteredOrigins,
} from '@level-one/peers';
import { CommonErrorId, commonError, isContractUuid } from '@level-one/platform';
import type { Quote } from '@level-one/quote';
import { DataSource } from 'typeorm';
import { Allowances, tooManyOpen } from '../../requests/allowances.js';
import { CustomerErrorId } from '../../customers/customer-errors.js';
import { CustomersService } from '../../customers/customers.service.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { splitName } from '../../lookup/person-name.js';
import { InvoiceReader } from '../invoices/invoice-reader.js';
import { invoiceUrlParts, ownInvoiceId } from '../../payee/invoices/invoice-urls.js';
import { MerchantInvoicesService } from '../../payee/invoices/merchant-invoices.service.js';
import { NoticeKind } from '../../notices/notice.entity.js';
import { NoticeSender } from '../../notices/notice-sender.js';
import { NoticesRepository } from '../../notices/notices.repository.js';
import { InvoiceQuotes } from '../payments/invoice-quotes.service.js';
import { NotificationStatusDto, NotifiedInvoiceDto, PendingInvoicesDto } from './invoice-notifications.dto.js';

/** As long as the info of an invoice may be. */
const INFO_LENGTH_MAX = 1_024;

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
    private readonly allowances: Allowances,
  ) {}

  /**
   * Takes what another DFSP sends (hop III.E), `from` where it is proven: a notification, which is stored once and as its
   * issuer tells of the invoice; or a memo by which the merchant cancels, or the client rejects, what is stored.
   * @throws ContractError 404 UserNotFound, InvoiceNotFoundError, InvoiceNotificationNotFoundError; 422; 429
   * TooManyRequestsError; 503 ServiceUnavailableError while the issuer does not tell: then nothing is stored
   */
  async receive(body: InvoiceNotificationInDto, from: string | undefined): Promise<InvoiceNotificationResultDto> {
    await this.allowances.takeNotification(from, body.senderIdentifier);
    switch (revocationOf(body.memo)) {
      case 'cancelled':
        return this.cancel(body);
      case 'rejected':
        return this.rejectOwnInvoice(body, from);
      default:
        return this.store(body, from);
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

  private async store({ invoiceUrl, senderIdentifier }: InvoiceNotificationInDto, from: string | undefined) {
    await this.customers.get(senderIdentifier);
    const issuer = await this.issuerOf(invoiceUrl);
    if (from !== undefined && from !== issuer) throw invoiceError(InvoiceErrorId.NotFound);
    const known = await this.notifications.findPair({ invoiceUrl, senderIdentifier });
    if (known) return resultOf(known);
    const view = await this.atIssuer(invoiceUrl);
    assertToBePaidBy(senderIdentifier, view, invoiceUrl);
    const { notificationsPerDfsp: perIssuer, notificationsPerCustomer: perClient } = this.settings;
    const stored = await this.notifications.addOnce(
      {
        id: invoiceNotificationId(invoiceUrl, senderIdentifier),
        invoiceUrl,
        senderIdentifier,
        // What is shown is what the issuer answers for, whatever the sender wrote.
        memo: textOf(view.invoiceInfo),
        status: InvoiceNotificationStatus.Pending,
        paymentId: null,
        issuer,
        expiresAt: timeOf(view.expiresAt),
        createdAt: new Date(),
      },
      { perIssuer, perClient },
    );
    if (!stored) throw tooManyOpen('Too many invoices of this DFSP wait for its clients');
    return resultOf(stored);
  }

  /** The invoice as its issuer tells of it. @throws ContractError 404, 422; 503 while it cannot be asked */
  private async atIssuer(invoiceUrl: string): Promise<InvoiceViewDto> {
    try {
      return (await this.reader.read(invoiceUrl)).view;
    } catch (cause) {
      if (!(cause instanceof ContractError) || (cause.status < 500 && cause.status !== 429)) throw cause;
      throw commonError(CommonErrorId.ServiceUnavailable, {
        message: "The invoice's issuer cannot be asked now",
        cause,
      });
    }
  }

  /** The memo alone proves nothing: the invoice itself is read back and has to say so (ruling 7). */
  private async cancel(pair: InvoiceNotificationInDto): Promise<InvoiceNotificationResultDto> {
    const notification = await this.notifications.findPair(pair);
    if (!notification) throw invoiceError(InvoiceErrorId.NotificationNotFound);
    if (notification.status === InvoiceNotificationStatus.Cancelled) return resultOf(notification);
    const view = await this.atIssuer(notification.invoiceUrl);
    if (view.status !== 'cancelled') {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'The invoice itself is not cancelled' });
    }
    if (!(await this.notifications.close(notification.id, InvoiceNotificationStatus.Cancelled))) {
      throw invoiceError(InvoiceErrorId.NotPending);
    }
    return { invoiceNotificationId: notification.id, status: 'cancelled' };
  }

  /**
   * Row 9 in the other direction: a client elsewhere rejected an invoice of this DFSP's merchant. Only the DFSP that was
   * told of the invoice is believed: who knows its URL and the client's number proves nothing.
   */
  private async rejectOwnInvoice(
    pair: InvoiceNotificationInDto,
    from: string | undefined,
  ): Promise<InvoiceNotificationResultDto> {
    const invoiceId = ownInvoiceId(this.settings, pair.invoiceUrl);
    if (!invoiceId) throw invoiceError(InvoiceErrorId.NotificationNotFound);
    const toldAt = await this.notices.submissionUrl(invoiceId);
    const told = toldAt === undefined ? undefined : await this.origins.ownerOf(toldAt);
    if (from === undefined || told?.shortName !== from) throw invoiceError(InvoiceErrorId.NotFound);
    await this.merchantInvoices.reject(invoiceId, pair.senderIdentifier);
    return { invoiceNotificationId: invoiceId, status: 'rejected' };
  }

  /** Short name of the DFSP behind an invoice URL. @throws ContractError 404 InvoiceNotFoundError for a stranger's */
  private async issuerOf(invoiceUrl: string): Promise<string> {
    const issuer = await this.origins.ownerOf(invoiceUrl);
    if (!issuer) throw invoiceError(InvoiceErrorId.NotFound);
    return issuer.shortName;
  }
}

/**
 * Whether its issuer tells of an invoice that this client may pay now. One invoice has one URL: other spellings of it
 * would be shown as further invoices.
 */
function assertToBePaidBy(client: string, view: InvoiceViewDto, invoiceUrl: string): void {
  const { pathname, search, hash } = new URL(invoiceUrl);
  const isItsUrl = pathname.endsWith(`/${view.invoiceId}`) && search === '' && hash === '';
  if (!isItsUrl) throw invoiceError(InvoiceErrorId.NotFound);
  if (view.status !== 'unpaid') throw invoiceError(InvoiceErrorId.NotPending);
  if (view.identifier !== undefined && view.identifier !== client) throw invoiceError(InvoiceErrorId.PayerMissmatch);
  if (!isAddressed(view.invoiceType as InvoiceType)) throw invoiceError(InvoiceErrorId.NotStandard);
}

/** Text of another DFSP, as long as one may be. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, INFO_LENGTH_MAX) : '';
}

function timeOf(value: unknown): Date | null {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : new Date(time);
}

function resultOf({ id, status }: InvoiceNotification): InvoiceNotificationResultDto {
  return { invoiceNotificationId: id, status: NOTIFICATION_CHANNEL_STATUS[status] };
}
