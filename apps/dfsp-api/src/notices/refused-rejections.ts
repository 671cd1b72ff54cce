import { Injectable } from '@nestjs/common';
import { invoiceNotificationId, InvoiceNotificationRepository } from '@level-one/invoice';
import { SpspClientProxyClient } from '@level-one/peers';
import type { FailureKind } from '@level-one/platform';
import type { Notice } from './notice.entity.js';

/**
 * What the refusal of a client's rejection means. A merchant's DFSP may refuse it because a payment holds the invoice:
 * then it is tried again. The invoice itself says whether it has ended; then its notification ends like it.
 */
@Injectable()
export class RefusedRejections {
  constructor(
    private readonly proxy: SpspClientProxyClient,
    private readonly notifications: InvoiceNotificationRepository,
  ) {}

  /** @throws ContractError while the invoice cannot be read */
  async judge({ invoiceUrl, senderIdentifier }: Pick<Notice, 'invoiceUrl' | 'senderIdentifier'>): Promise<FailureKind> {
    const { status } = await this.proxy.invoice(invoiceUrl);
    if (status === 'unpaid') return 'passing';
    await this.notifications.endLikeInvoice(invoiceNotificationId(invoiceUrl, senderIdentifier), status);
    return 'needless';
  }
}
