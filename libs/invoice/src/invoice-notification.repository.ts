import type { DataSource, EntityManager, ObjectLiteral } from 'typeorm';
import { InvoiceNotification } from './invoice-notification.entity.js';
import { InvoiceNotificationStatus, notificationStatusesBefore } from './invoice-notification-status.js';

/**
 * Notifications of one DFSP's clients. Every move is one conditional update, so that of two at once one wins; it
 * answers whether it was this one. `within` is the transaction it takes part in.
 */
export class InvoiceNotificationRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Stores it unless the pair of invoice URL and client is known; answers the one that is stored. */
  async addOnce(notification: InvoiceNotification): Promise<InvoiceNotification> {
    await this.dataSource
      .createQueryBuilder()
      .insert()
      .into(InvoiceNotification)
      .values(notification)
      .orIgnore()
      .execute();
    return this.dataSource.manager.findOneByOrFail(InvoiceNotification, {
      invoiceUrl: notification.invoiceUrl,
      senderIdentifier: notification.senderIdentifier,
    });
  }

  find(id: string, within: EntityManager = this.dataSource.manager): Promise<InvoiceNotification | null> {
    return within.findOneBy(InvoiceNotification, { id });
  }

  findPair(
    { invoiceUrl, senderIdentifier }: Pick<InvoiceNotification, 'invoiceUrl' | 'senderIdentifier'>,
    within: EntityManager = this.dataSource.manager,
  ): Promise<InvoiceNotification | null> {
    return within.findOneBy(InvoiceNotification, { invoiceUrl, senderIdentifier });
  }

  /** A page of the client's pending ones, newest first. */
  pendingOf(senderIdentifier: string, page: { limit: number; offset: number }): Promise<InvoiceNotification[]> {
    return this.dataSource.manager.find(InvoiceNotification, {
      where: { senderIdentifier, status: InvoiceNotificationStatus.Pending },
      order: { createdAt: 'DESC', id: 'ASC' },
      take: page.limit,
      skip: page.offset,
    });
  }

  /** Marks a pending one as being paid by this payment; false when another payment is in progress. */
  async claim(id: string, paymentId: string, within: EntityManager = this.dataSource.manager): Promise<boolean> {
    const result = await within
      .createQueryBuilder()
      .update(InvoiceNotification)
      .set({ paymentId })
      .where('id = :id AND status = :pending AND payment_id IS NULL', {
        id,
        pending: InvoiceNotificationStatus.Pending,
      })
      .execute();
    return result.affected === 1;
  }

  /** The payment that claimed it has failed for good: it may be paid or rejected again. */
  async release(id: string, paymentId: string, within: EntityManager = this.dataSource.manager): Promise<boolean> {
    const result = await within
      .createQueryBuilder()
      .update(InvoiceNotification)
      .set({ paymentId: null })
      .where('id = :id AND status = :pending AND payment_id = :paymentId', {
        id,
        paymentId,
        pending: InvoiceNotificationStatus.Pending,
      })
      .execute();
    return result.affected === 1;
  }

  /** → executed by the payment that claimed it. */
  execute(id: string, paymentId: string, within?: EntityManager): Promise<boolean> {
    return this.move(id, InvoiceNotificationStatus.Executed, 'payment_id = :paymentId', { paymentId }, within);
  }

  /** Pending → rejected by the client, unless a payment is in progress. */
  reject(id: string, within?: EntityManager): Promise<boolean> {
    return this.move(id, InvoiceNotificationStatus.Rejected, 'payment_id IS NULL', {}, within);
  }

  /** Pending → cancelled or expired, because the invoice itself is; then no payment of it can come about. */
  close(id: string, to: InvoiceNotificationStatus.Cancelled | InvoiceNotificationStatus.Expired): Promise<boolean> {
    return this.move(id, to, 'true', {});
  }

  private async move(
    id: string,
    to: InvoiceNotificationStatus,
    guard: string,
    parameters: ObjectLiteral,
    within: EntityManager = this.dataSource.manager,
  ): Promise<boolean> {
    const result = await within
      .createQueryBuilder()
      .update(InvoiceNotification)
      .set({ status: to })
      .where('id = :id AND status IN (:...from)', { id, from: notificationStatusesBefore(to) })
      .andWhere(`(${guard})`, parameters)
      .execute();
    return result.affected === 1;
  }
}
