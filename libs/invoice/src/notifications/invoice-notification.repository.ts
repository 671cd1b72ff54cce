import { changeDue } from '@level-one/work';
import type { DataSource, EntityManager, ObjectLiteral } from 'typeorm';
import { InvoiceNotification } from './invoice-notification.entity.js';
import { InvoiceNotificationStatus, notificationStatusesBefore } from './invoice-notification-status.js';

/** Maximum of open notifications of one issuer, in total and per client. */
export interface NotificationRoom {
  perIssuer: number;
  perClient: number;
}

const NO_BOUNDS: NotificationRoom = { perIssuer: Infinity, perClient: Infinity };

/** Rolls back the transaction that stored the notification. */
class NoRoom extends Error {}

/**
 * Notifications of one DFSP's clients. Every change of status is one conditional update, so one of two parallel
 * attempts wins; the result is whether it was this one. `within` is the transaction to take part in.
 */
export class InvoiceNotificationRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Stores a notification unless the pair of invoice URL and client has one. @returns the stored one; null if its
   * issuer has reached a limit.
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

  /** Pending → expired for up to `limit` notifications after the expiry of their invoice. @returns how many. */
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

  findNotification(id: string, within: EntityManager = this.dataSource.manager): Promise<InvoiceNotification | null> {
    return within.findOneBy(InvoiceNotification, { id });
  }

  findPair(
    { invoiceUrl, senderIdentifier }: Pick<InvoiceNotification, 'invoiceUrl' | 'senderIdentifier'>,
    within: EntityManager = this.dataSource.manager,
  ): Promise<InvoiceNotification | null> {
    return within.findOneBy(InvoiceNotification, { invoiceUrl, senderIdentifier });
  }

  /** A page of the client's pending notifications, newest first. */
  listPendingOf(senderIdentifier: string, page: { limit: number; offset: number }): Promise<InvoiceNotification[]> {
    return this.dataSource.manager.find(InvoiceNotification, {
      where: { senderIdentifier, status: InvoiceNotificationStatus.Pending },
      order: { createdAt: 'DESC', id: 'ASC' },
      take: page.limit,
      skip: page.offset,
    });
  }

  /** Claims a pending notification for a payment; false if another payment is in progress. */
  async claimNotification(
    id: string,
    paymentId: string,
    within: EntityManager = this.dataSource.manager,
  ): Promise<boolean> {
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

  /** Releases a claim after the payment has finally failed, so that the notification can be paid or rejected. */
  async releaseNotification(
    id: string,
    paymentId: string,
    within: EntityManager = this.dataSource.manager,
  ): Promise<boolean> {
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

  /** → executed, by the payment that claimed it. */
  executeNotification(id: string, paymentId: string, within?: EntityManager): Promise<boolean> {
    return this.moveNotification(
      id,
      InvoiceNotificationStatus.Executed,
      'payment_id = :paymentId',
      { paymentId },
      within,
    );
  }

  /** Pending → rejected by the client, unless a payment is in progress. */
  rejectNotification(id: string, within?: EntityManager): Promise<boolean> {
    return this.moveNotification(id, InvoiceNotificationStatus.Rejected, 'payment_id IS NULL', {}, within);
  }

  /** Pending → cancelled or expired, when the invoice is. No payment of it can succeed then. */
  closeNotification(
    id: string,
    to: InvoiceNotificationStatus.Cancelled | InvoiceNotificationStatus.Expired,
  ): Promise<boolean> {
    return this.moveNotification(id, to, 'true', {});
  }

  private async moveNotification(
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
  // Serialized per issuer, so that parallel requests do not exceed the limits.
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`invoice notifications of ${issuer}`]);
  const [open]: { all: string; of_client: string }[] = await manager.query(
    `SELECT count(*) AS "all", count(*) FILTER (WHERE sender_identifier = $2) AS of_client
     FROM invoice_notifications WHERE issuer = $1 AND status = 'pending'`,
    [issuer, senderIdentifier],
  );
  if (Number(open!.all) > perIssuer || Number(open!.of_client) > perClient) throw new NoRoom();
}
