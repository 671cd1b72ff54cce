import { Injectable } from '@nestjs/common';
import { currentTrace, type HotQuery, HotStatements } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { takeDue } from '@level-one/work';
import { DataSource, type EntityManager } from 'typeorm';
import { Notice, NoticeKind, NoticeStatus } from './notice.entity.js';

export type NewNotice = Pick<
  Notice,
  'kind' | 'invoiceId' | 'invoiceUrl' | 'submissionUrl' | 'senderIdentifier' | 'memo'
>;

/** A notice is taken for this long: longer than hop III.A may take. */
const LEASE_MS = 30_000;

/** A notice to store with the change that it is about. Its first attempt is taken: who stores it sends it at once. */
export function newNotice(notice: NewNotice): Notice {
  const now = new Date();
  return {
    ...notice,
    id: randomUUID(),
    status: NoticeStatus.Pending,
    traceId: currentTrace()?.traceId ?? randomUUID(),
    attempts: 1,
    nextAttemptAt: new Date(now.getTime() + LEASE_MS),
    lastError: null,
    createdAt: now,
  };
}

/** Stores notices and the state of their delivery. */
@Injectable()
export class NoticesRepository {
  private readonly insert: (notice: Notice, within: EntityManager) => Promise<boolean>;
  private readonly deliver: HotQuery<object>;

  constructor(
    private readonly dataSource: DataSource,
    statements: HotStatements,
  ) {
    this.insert = statements.tableOf(Notice).insertNew();
    this.deliver = statements.prepare(`
      WITH delivered AS (
        UPDATE notices SET status = '${NoticeStatus.Delivered}', last_error = NULL
        WHERE id = $1 AND status = '${NoticeStatus.Pending}'
      )
      UPDATE invoices SET notified = true WHERE id = $2`);
  }

  /** Stores a notice in the transaction of the change that it is about, and answers it. */
  async addNotice(of: NewNotice, within: EntityManager): Promise<Notice> {
    const notice = newNotice(of);
    await this.insert(notice, within);
    return notice;
  }

  /**
   * Takes up to `limit` notices that are due, each for one attempt. No other instance takes them meanwhile; after a
   * crash they are due again.
   */
  async takeDue(now: Date, limit: number): Promise<Notice[]> {
    const notices = await takeDue(this.dataSource.manager, Notice, {
      where: 'status = :pending AND next_attempt_at <= :now',
      parameters: { pending: NoticeStatus.Pending, now },
      since: 'nextAttemptAt',
      limit,
      lease: { attempts: () => 'attempts + 1', nextAttemptAt: new Date(now.getTime() + LEASE_MS * limit) },
    });
    return notices.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  }

  /** Records that a notice was delivered, and at its invoice that the client's DFSP has accepted it. */
  async markDelivered({ id, kind, invoiceId }: Notice): Promise<void> {
    await this.deliver(id, kind === NoticeKind.Issued ? invoiceId : null);
  }

  async recordFailure(id: string, lastError: string, nextAttemptAt: Date | undefined): Promise<void> {
    await this.dataSource.manager.update(
      Notice,
      { id, status: NoticeStatus.Pending },
      nextAttemptAt ? { lastError, nextAttemptAt } : { lastError, status: NoticeStatus.GivenUp },
    );
  }

  /** Gives up the pending notices of an invoice that cannot be paid any more. */
  async withdrawNotices(invoiceId: string, within: EntityManager): Promise<void> {
    await within.update(
      Notice,
      { invoiceId, kind: NoticeKind.Issued, status: NoticeStatus.Pending },
      { status: NoticeStatus.GivenUp },
    );
  }
}
