import { Injectable } from '@nestjs/common';
import { currentTrace } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { takeDue } from '@level-one/work';
import { DataSource, type EntityManager } from 'typeorm';
import { Notice, NoticeKind, NoticeStatus } from './notice.entity.js';

export type NewNotice = Pick<
  Notice,
  'kind' | 'invoiceId' | 'invoiceUrl' | 'submissionUrl' | 'senderIdentifier' | 'memo'
>;

/** Notices that have still to be delivered. */
@Injectable()
export class NoticesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Writes a notice in the transaction of what it tells of; answers its id. */
  async addNotice(notice: NewNotice, within: EntityManager): Promise<string> {
    const id = randomUUID();
    const now = new Date();
    await within.insert(Notice, {
      ...notice,
      id,
      status: NoticeStatus.Pending,
      traceId: currentTrace()?.traceId ?? randomUUID(),
      attempts: 0,
      nextAttemptAt: now,
      lastError: null,
      createdAt: now,
    });
    return id;
  }

  /**
   * Takes up to `limit` notices that are due, or only the one named: nobody else takes them until `leaseUntil`, so
   * that several instances of the role may look at once and a crash loses none.
   */
  async takeDue({
    now,
    leaseUntil,
    limit,
    id,
  }: {
    now: Date;
    leaseUntil: Date;
    limit: number;
    id?: string;
  }): Promise<Notice[]> {
    const notices = await takeDue(this.dataSource.manager, Notice, {
      where: 'status = :pending AND next_attempt_at <= :now AND (CAST(:id AS uuid) IS NULL OR id = :id)',
      parameters: { pending: NoticeStatus.Pending, now, id: id ?? null },
      since: 'nextAttemptAt',
      limit,
      lease: { attempts: () => 'attempts + 1', nextAttemptAt: leaseUntil },
    });
    return notices.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  }

  async markDelivered(id: string, within: EntityManager): Promise<void> {
    await within.update(
      Notice,
      { id, status: NoticeStatus.Pending },
      { status: NoticeStatus.Delivered, lastError: null },
    );
  }

  async recordFailure(id: string, lastError: string, nextAttemptAt: Date | undefined): Promise<void> {
    await this.dataSource.manager.update(
      Notice,
      { id, status: NoticeStatus.Pending },
      nextAttemptAt ? { lastError, nextAttemptAt } : { lastError, status: NoticeStatus.GivenUp },
    );
  }

  /** Where the client was, or was to be, told of an invoice. */
  async submissionUrlOf(
    invoiceId: string,
    within: EntityManager = this.dataSource.manager,
  ): Promise<string | undefined> {
    const issued = await within.findOneBy(Notice, { invoiceId, kind: NoticeKind.Issued });
    return issued?.submissionUrl;
  }

  /** Gives up telling of an invoice that no longer is to be paid. */
  async withdrawNotices(invoiceId: string, within: EntityManager): Promise<void> {
    await within.update(
      Notice,
      { invoiceId, kind: NoticeKind.Issued, status: NoticeStatus.Pending },
      { status: NoticeStatus.GivenUp },
    );
  }
}
