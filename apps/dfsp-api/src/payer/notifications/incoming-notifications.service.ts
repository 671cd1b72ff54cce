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
import { ContractError } from '@level-one/errors';
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
import { InvoiceReader } from '../invoices/invoice-reader.js';

/** As long as the info of an invoice may be. */
const INFO_LENGTH_MAX = 1_024;

/** What merchants' DFSPs send about invoices for this DFSP's clients (hop III.E). */
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
   * Stores a notification, once for each invoice URL and client, as its issuer tells of the invoice. `from`: the DFSP
   * that is proven to send it.
   * @throws ContractError 404 UserNotFound, InvoiceNotFoundError; 422 InvoiceNotPendingError,
   * InvoicePayerMissmatchError, InvoiceNotStandardError; 429 TooManyRequestsError; 503 ServiceUnavailableError while the
   * issuer does not tell: then nothing is stored
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

  /**
   * The merchant cancelled the invoice. The memo alone proves nothing: the invoice itself is read back and has to say so (ruling 7).
   * @throws ContractError 404 InvoiceNotificationNotFoundError; 422 InvoiceNotPendingError, UnprocessableEntityError; 503
   */
  async cancelNotification(pair: InvoiceNotificationInDto): Promise<InvoiceNotificationResultDto> {
    const notification = await this.notifications.findPair(pair);
    if (!notification) throw invoiceError(InvoiceErrorId.NotificationNotFound);
    if (notification.status === InvoiceNotificationStatus.Cancelled) return resultOf(notification);
    const view = await this.readAtIssuer(notification.invoiceUrl);
    if (view.status !== 'cancelled') {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'The invoice itself is not cancelled' });
    }
    if (!(await this.notifications.close(notification.id, InvoiceNotificationStatus.Cancelled))) {
      throw invoiceError(InvoiceErrorId.NotPending);
    }
    return { invoiceNotificationId: notification.id, status: 'cancelled' };
  }

  /** The invoice as its issuer tells of it. @throws ContractError 404, 422; 503 while it cannot be asked */
  private async readAtIssuer(invoiceUrl: string): Promise<InvoiceViewDto> {
    try {
      return (await this.reader.readInvoice(invoiceUrl)).view;
    } catch (cause) {
      if (!(cause instanceof ContractError) || (cause.status < 500 && cause.status !== 429)) throw cause;
      throw commonError(CommonErrorId.ServiceUnavailable, {
        message: "The invoice's issuer cannot be asked now",
        cause,
      });
    }
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
