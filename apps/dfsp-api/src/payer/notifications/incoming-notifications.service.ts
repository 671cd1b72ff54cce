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
} from '@level-one/invoice';
import { ContractError, cutText } from '@level-one/errors';
import { parseTimestamp } from '@level-one/ilp';
import {
  type InvoiceNotificationInDto,
  type InvoiceNotificationResultDto,
  type InvoiceViewDto,
  RegisteredOrigins,
} from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { CustomersService } from '../../customers/customers.service.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { tooManyOpen } from '../../requests/open-allowances.js';
import { InvoiceReader, termsOf } from '../invoices/invoice-reader.js';

/** Characters, as in the info of an invoice. */
const INFO_LENGTH_MAX = 1_024;

/** Notifications and cancellations that merchants' DFSPs send for this DFSP's clients (hop III.E). */
@Injectable()
export class IncomingNotificationsService {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly notifications: InvoiceNotificationRepository,
    private readonly customers: CustomersService,
    private readonly reader: InvoiceReader,
    private readonly origins: RegisteredOrigins,
  ) {}

  /**
   * Stores a notification, once for each invoice URL and client. Its content is read at the DFSP that issued the
   * invoice. `from`: the DFSP that is proven to send it.
   * @throws ContractError 404 UserNotFound, InvoiceNotFoundError; 422 InvoiceNotPendingError,
   * InvoicePayerMissmatchError, InvoiceNotStandardError; 429 TooManyRequestsError; 503 ServiceUnavailableError while
   * the issuer cannot be read: then nothing is stored
   */
  async storeNotification(
    { invoiceUrl, senderIdentifier }: InvoiceNotificationInDto,
    from: string | undefined,
  ): Promise<InvoiceNotificationResultDto> {
    await this.customers.getCustomer(senderIdentifier);
    const issuer = await this.issuerOf(invoiceUrl);
    if (from !== undefined && from !== issuer) throw invoiceError(InvoiceErrorId.NotFound);
    const known = await this.notifications.findPair({ invoiceUrl, senderIdentifier });
    if (known) return resultOf(known);
    const view = await this.readAtIssuer(invoiceUrl);
    assertToBePaidBy(senderIdentifier, view, invoiceUrl);
    const { notificationsPerDfsp: perIssuer, notificationsPerCustomer: perClient } = this.settings;
    const now = new Date();
    const stored = await this.notifications.addOnce(
      {
        id: invoiceNotificationId(invoiceUrl, senderIdentifier),
        invoiceUrl,
        senderIdentifier,
        // The text comes from the issuer: the sender's memo may be forged.
        memo: textOf(view.invoiceInfo),
        status: InvoiceNotificationStatus.Pending,
        paymentId: null,
        issuer,
        invoice: termsOf(view),
        expiresAt: parseTimestamp(view.expiresAt) ?? null,
        createdAt: now,
        checkAt: new Date(now.getTime() + this.settings.notificationCheckS * 1_000),
      },
      { perIssuer, perClient },
    );
    if (!stored) throw tooManyOpen('Too many invoices of your DFSP are pending at this one');
    return resultOf(stored);
  }

  /**
   * Cancels a notification. The memo alone proves nothing: the invoice is read at its issuer and must be cancelled
   * there (ruling 7).
   * @throws ContractError 404 InvoiceNotificationNotFoundError; 422 InvoiceNotPendingError, UnprocessableEntityError;
   * 503
   */
  async cancelNotification(pair: InvoiceNotificationInDto): Promise<InvoiceNotificationResultDto> {
    const notification = await this.notifications.findPair(pair);
    if (!notification) throw invoiceError(InvoiceErrorId.NotificationNotFound);
    if (notification.status === InvoiceNotificationStatus.Cancelled) return resultOf(notification);
    const view = await this.readAtIssuer(notification.invoiceUrl);
    if (view.status !== 'cancelled') {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'The invoice is not cancelled at its issuer' });
    }
    const { Cancelled } = InvoiceNotificationStatus;
    if (!(await this.notifications.closeNotification(notification.id, Cancelled))) {
      // Something else may have cancelled it meanwhile.
      const ended = await this.notifications.findNotification(notification.id);
      if (ended?.status !== Cancelled) throw invoiceError(InvoiceErrorId.NotPending);
    }
    return { invoiceNotificationId: notification.id, status: 'cancelled' };
  }

  /** Reads the invoice at its issuer. @throws ContractError 404, 422; 503 while the issuer cannot be read */
  private async readAtIssuer(invoiceUrl: string): Promise<InvoiceViewDto> {
    try {
      return (await this.reader.readInvoice(invoiceUrl)).view;
    } catch (cause) {
      if (!(cause instanceof ContractError) || (cause.status < 500 && cause.status !== 429)) throw cause;
      throw commonError(CommonErrorId.ServiceUnavailable, {
        message: "The invoice's issuer cannot be read now",
        cause,
      });
    }
  }

  /**
   * Short name of the DFSP that an invoice URL belongs to.
   * @throws ContractError 404 InvoiceNotFoundError if none registered it
   */
  private async issuerOf(invoiceUrl: string): Promise<string> {
    const issuer = await this.origins.ownerOf(invoiceUrl);
    if (!issuer) throw invoiceError(InvoiceErrorId.NotFound);
    return issuer.shortName;
  }
}

/**
 * Checks that this client may pay the invoice now, and that the URL is spelt as its issuer spells it: another spelling
 * would be stored as a second invoice.
 */
function assertToBePaidBy(client: string, view: InvoiceViewDto, invoiceUrl: string): void {
  const { pathname, search, hash } = new URL(invoiceUrl);
  const isItsUrl = pathname.endsWith(`/${view.invoiceId}`) && search === '' && hash === '';
  if (!isItsUrl) throw invoiceError(InvoiceErrorId.NotFound);
  if (view.status !== 'unpaid') throw invoiceError(InvoiceErrorId.NotPending);
  if (view.identifier !== undefined && view.identifier !== client) throw invoiceError(InvoiceErrorId.PayerMissmatch);
  if (!isAddressed(view.invoiceType as InvoiceType)) throw invoiceError(InvoiceErrorId.NotStandard);
}

/** Text of another DFSP, cut to {@link INFO_LENGTH_MAX}. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? cutText(value, INFO_LENGTH_MAX) : '';
}

function resultOf({ id, status }: InvoiceNotification): InvoiceNotificationResultDto {
  return { invoiceNotificationId: id, status: NOTIFICATION_CHANNEL_STATUS[status] };
}
