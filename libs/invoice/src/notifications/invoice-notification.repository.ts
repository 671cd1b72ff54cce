import { changeDue, type HotQuery, type HotStatements, type HotTable, parametersOf, takeDue } from '@level-one/work';
import type { DataSource, EntityManager } from 'typeorm';
import type { SpspInvoiceStatus } from '../invoices/invoice-status.js';
import { InvoiceNotification } from './invoice-notification.entity.js';
import { endNotificationSql, rejectNotificationSql } from './invoice-notification-moves.js';
import { InvoiceNotificationStatus } from './invoice-notification-status.js';

/** Maximum of open notifications of one issuer, in total and per client. */
export interface NotificationRoom {
  perIssuer: number;
  perClient: number;
}

const NO_BOUNDS: NotificationRoom = { perIssuer: Infinity, perClient: Infinity };
const STORED = [
  'id',
  'invoiceUrl',
  'senderIdentifier',
  'memo',
  'status',
  'paymentId',
  'issuer',
  'invoice',
  'expiresAt',
  'createdAt',
  'checkAt',
] as const satisfies (keyof InvoiceNotification)[];

/** A notification before it is stored. */
export type NewInvoiceNotification = Pick<InvoiceNotification, (typeof STORED)[number]>;

/**
 * Notifications of one DFSP's clients. Every change of status is one conditional update, so one of two parallel
 * attempts wins; the result is whether it was this one. `within` is the transaction to take part in.
 */
export class InvoiceNotificationRepository {
  private readonly notifications: HotTable<InvoiceNotification>;
  private readonly insertOrFind: HotQuery<InvoiceNotification>;
  private readonly find: HotQuery<InvoiceNotification>;
  private readonly findOfPair: HotQuery<InvoiceNotification>;
  private readonly listPending: HotQuery<InvoiceNotification>;
  private readonly reject: HotQuery<object>;
  private readonly payElsewhere: HotQuery<object>;
  private readonly close: Record<'cancelled' | 'expired', HotQuery<object>>;

  constructor(
    private readonly dataSource: DataSource,
    statements: HotStatements,
  ) {
    const { Pending, Executed, Cancelled, Expired } = InvoiceNotificationStatus;
    const move = (sql: string): HotQuery<object> => statements.prepare(`${sql} RETURNING true`);
    this.notifications = statements.tableOf(InvoiceNotification);
    // Whoever counts has waited for the one before, see the function. A pair that was stored meanwhile is not seen here.
    this.insertOrFind = this.notifications.query(`
      WITH open AS MATERIALIZED (SELECT * FROM count_open_notifications($7, $3)),
      new AS (
        INSERT INTO {table}
          (${this.notifications.namesOf(STORED)})
        SELECT ${parametersOf(STORED)} FROM open
        WHERE open.in_all < $${STORED.length + 1}::float8 AND open.to_client < $${STORED.length + 2}::float8
        ON CONFLICT DO NOTHING RETURNING *
      )
      SELECT {columns} FROM new
      UNION ALL SELECT {columns} FROM {table} WHERE invoice_url = $2 AND sender_identifier = $3`);
    this.find = this.notifications.select('WHERE id = $1');
    this.findOfPair = this.notifications.select('WHERE invoice_url = $1 AND sender_identifier = $2');
    this.listPending = this.notifications.select(
      `WHERE sender_identifier = $1 AND status = '${Pending}'
         AND (payment_id IS NOT NULL OR expires_at IS NULL OR expires_at > $4)
       ORDER BY created_at DESC, id LIMIT $2 OFFSET $3`,
    );
    this.reject = move(rejectNotificationSql('$1'));
    this.payElsewhere = move(`${endNotificationSql(Executed, '$1')} AND payment_id IS NULL`);
    this.close = {
      [Cancelled]: move(endNotificationSql(Cancelled, '$1')),
      [Expired]: move(endNotificationSql(Expired, '$1')),
    };
  }

  /**
   * Stores a notification unless the pair of invoice URL and client has one. @returns the stored one; null if its
   * issuer has reached a limit.
   */
  async addOnce(
    notification: NewInvoiceNotification,
    { perIssuer, perClient }: NotificationRoom = NO_BOUNDS,
  ): Promise<InvoiceNotification | null> {
    const values = this.notifications.valuesOf(notification, STORED);
    const [stored] = await this.insertOrFind(...values, perIssuer, perClient);
    return stored ?? this.findPair(notification);
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

  async findNotification(id: string): Promise<InvoiceNotification | null> {
    const [notification] = await this.find(id);
    return notification ?? null;
  }

  async findPair({
    invoiceUrl,
    senderIdentifier,
  }: Pick<InvoiceNotification, 'invoiceUrl' | 'senderIdentifier'>): Promise<InvoiceNotification | null> {
    const [notification] = await this.findOfPair(invoiceUrl, senderIdentifier);
    return notification ?? null;
  }

  /** A page of the client's pending notifications, newest first, without those of invoices that have expired. */
  listPendingOf(
    senderIdentifier: string,
    page: { limit: number; offset: number },
    now = new Date(),
  ): Promise<InvoiceNotification[]> {
    return this.listPending(senderIdentifier, page.limit, page.offset, now);
  }

  /** Pending → rejected by the client, unless a payment is in progress. */
  async rejectNotification(id: string, within?: EntityManager): Promise<boolean> {
    return (await this.reject.within(within)(id)).length === 1;
  }

  /** Pending → cancelled or expired, when the invoice is. No payment of it can succeed then. */
  async closeNotification(
    id: string,
    to: InvoiceNotificationStatus.Cancelled | InvoiceNotificationStatus.Expired,
  ): Promise<boolean> {
    return (await this.close[to](id)).length === 1;
  }

  /**
   * Ends a notification like its invoice has ended at its issuer. One that a payment of its own is paying is left to that
   * payment, if the invoice is paid. @returns the status it got; undefined if it stays as it is.
   */
  async endLikeInvoice(id: string, status: SpspInvoiceStatus): Promise<InvoiceNotificationStatus | undefined> {
    const { Executed, Rejected, Cancelled, Expired } = InvoiceNotificationStatus;
    const ends: Partial<Record<SpspInvoiceStatus, [InvoiceNotificationStatus, HotQuery<object>]>> = {
      paid: [Executed, this.payElsewhere],
      rejected: [Rejected, this.reject],
      cancelled: [Cancelled, this.close[Cancelled]],
      expired: [Expired, this.close[Expired]],
    };
    const [to, move] = ends[status] ?? [];
    return move && (await move(id)).length === 1 ? to : undefined;
  }

  /** Takes the pending notification whose invoice is to be read the longest; no other worker takes it until `until`. */
  takeUnchecked(now: Date, until: Date): Promise<InvoiceNotification[]> {
    return takeDue(this.dataSource.manager, InvoiceNotification, {
      where: 'status = :pending AND check_at <= :now',
      parameters: { pending: InvoiceNotificationStatus.Pending, now },
      since: 'checkAt',
      limit: 1,
      lease: { checkAt: until, checks: () => 'checks + 1' },
    });
  }

  async checkAgain(id: string, checkAt: Date): Promise<void> {
    await this.dataSource.manager.update(InvoiceNotification, { id }, { checkAt });
  }
}
