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

/** Stores notices and the state of their delivery. */
@Injectable()
export class NoticesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Stores a notice in the transaction of the change that it is about; answers its id. */
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
   * Takes up to `limit` notices that are due, or only the one with `id`. No other instance takes them until
   * `leaseUntil`; after a crash they are due again then.
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

  /** URL to which the notification of an invoice was sent; undefined without one. */
  async submissionUrlOf(
    invoiceId: string,
    within: EntityManager = this.dataSource.manager,
  ): Promise<string | undefined> {
    const issued = await within.findOneBy(Notice, { invoiceId, kind: NoticeKind.Issued });
    return issued?.submissionUrl;
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
