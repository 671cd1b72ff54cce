import { changeDue } from '@level-one/work';
import type { DataSource, EntityManager, ObjectLiteral } from 'typeorm';
import { InvoiceNotification } from './invoice-notification.entity.js';
import { InvoiceNotificationStatus, notificationStatusesBefore } from './invoice-notification-status.js';

/** How many notifications of one issuer may be open, in all and to one client. */
export interface NotificationRoom {
  perIssuer: number;
  perClient: number;
}

const NO_BOUNDS: NotificationRoom = { perIssuer: Infinity, perClient: Infinity };

/** Undoes the transaction that would have stored the notification. */
class NoRoom extends Error {}

/**
 * Notifications of one DFSP's clients. Every move is one conditional update, so that of two at once one wins; it
 * answers whether it was this one. `within` is the transaction it takes part in.
 */
export class InvoiceNotificationRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Stores it unless the pair of invoice URL and client is known; answers the one that is stored, or null when its issuer
   * has no room for another open one.
   */
  async addOnce(
    notification: InvoiceNotification,
    room: NotificationRoom = NO_BOUNDS,
  ): Promise<InvoiceNotification | null> {
    try {
      await this.dataSource.transaction((manager) => addWithin(notification, room, manager));
    } catch (error) {
      if (error instanceof NoRoom) return null;
      throw error;
    }
    return this.findPair(notification);
  }

  /** Pending → expired for up to `limit` whose invoice's time is over; answers how many. */
  async expireOverdue(now: Date, limit: number): Promise<number> {
    const expired = await changeDue(this.dataSource.manager, InvoiceNotification, {
      where: 'status = :pending AND expires_at <= :now AND payment_id IS NULL',
      parameters: { pending: InvoiceNotificationStatus.Pending, now },
      since: 'expiresAt',
      limit,
      changes: { status: InvoiceNotificationStatus.Expired },
      returning: ['id'],
    });
    return expired.length;
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

async function addWithin(
  notification: InvoiceNotification,
  { perIssuer, perClient }: NotificationRoom,
  manager: EntityManager,
): Promise<void> {
  const { issuer, senderIdentifier } = notification;
  const inserted = await manager
    .createQueryBuilder()
    .insert()
    .into(InvoiceNotification)
    .values(notification)
    .orIgnore()
    .returning('id')
    .execute();
  if ((inserted.raw as unknown[]).length === 0 || issuer === null) return;
  // One after the other for each issuer, so that many at once are not more than one after the other.
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`invoice notifications of ${issuer}`]);
  const [open]: { all: string; of_client: string }[] = await manager.query(
    `SELECT count(*) AS "all", count(*) FILTER (WHERE sender_identifier = $2) AS of_client
     FROM invoice_notifications WHERE issuer = $1 AND status = 'pending'`,
    [issuer, senderIdentifier],
  );
  if (Number(open!.all) > perIssuer || Number(open!.of_client) > perClient) throw new NoRoom();
}
