import { Injectable } from '@nestjs/common';
import { revocationOf } from '@level-one/invoice';
import type { InvoiceNotificationInDto, InvoiceNotificationResultDto } from '@level-one/peers';
import { InvoiceRejectionsService } from '../payee/invoices/invoice-rejections.service.js';
import { IncomingNotificationsService } from '../payer/notifications/incoming-notifications.service.js';
import { MessageAllowances } from './message-allowances.js';

/** Takes messages of other DFSPs about invoices (hop III.E), and hands each to its side. */
@Injectable()
export class InvoiceMessagesService {
  constructor(
    private readonly allowances: MessageAllowances,
    private readonly notifications: IncomingNotificationsService,
    private readonly rejections: InvoiceRejectionsService,
  ) {}

  /**
   * A notification, or a memo by which the merchant cancels or the client rejects the invoice. `from`: the DFSP that is
   * proven to send it.
   * @throws ContractError 429 TooManyRequestsError; and as {@link IncomingNotificationsService.storeNotification},
   * {@link IncomingNotificationsService.cancelNotification} and {@link InvoiceRejectionsService.receiveRejection}
   */
  async receiveMessage(
    body: InvoiceNotificationInDto,
    from: string | undefined,
  ): Promise<InvoiceNotificationResultDto> {
    await this.allowances.takeNotification(from, body.senderIdentifier);
    switch (revocationOf(body.memo)) {
      case 'cancelled':
        return this.notifications.cancelNotification(body);
      case 'rejected':
        return this.rejections.receiveRejection(body, from);
      default:
        return this.notifications.storeNotification(body, from);
    }
  }
}
