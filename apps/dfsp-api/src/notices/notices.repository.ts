import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { currentTrace, HotStatements, type HotTable } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { changeDue, type DeliveryFailure, SharedWrites, takeDue, UNSEEN_WITHIN_MS } from '@level-one/work';
import { DataSource, type EntityManager } from 'typeorm';
import { Notice, NoticeKind, NoticeStatus } from './notice.entity.js';

export type NewNotice = Pick<
  Notice,
  'kind' | 'invoiceId' | 'invoiceUrl' | 'submissionUrl' | 'senderIdentifier' | 'memo' | 'deadlineAt'
>;

/** A notice is taken for this long: longer than hop III.A may take. */
const LEASE_MS = 20_000;
const { Pending, Delivered, Undeliverable, Withdrawn } = NoticeStatus;
/** Those whose last attempt failed. */
const FAILING = `last_error_id IS NOT NULL AND status IN ('${Pending}', '${Undeliverable}')`;
const COUNTED_MAX = 10_000;

/** A notice to store with the change that it is about. Its first attempt is taken: who stores it sends it at once. */
export function newNotice(notice: NewNotice): Notice {
  const now = new Date();
  return {
    ...notice,
    id: randomUUID(),
    status: Pending,
    traceId: currentTrace()?.traceId ?? randomUUID(),
    attempts: 1,
    nextAttemptAt: new Date(now.getTime() + LEASE_MS),
    lastErrorId: null,
    lastError: null,
    createdAt: now,
  };
}

/** Stores notices and the state of their delivery. */
@Injectable()
export class NoticesRepository implements BeforeApplicationShutdown {
  private readonly table: HotTable<Notice>;
  private readonly insert: (notice: Notice, within: EntityManager) => Promise<boolean>;
  private readonly deliver: (notices: readonly Notice[]) => Promise<void>;
  private readonly deliveries: SharedWrites<Notice>;

  constructor(
    private readonly dataSource: DataSource,
    statements: HotStatements,
  ) {
    this.table = statements.tableOf(Notice);
    this.insert = this.table.insertNew();
    const deliver = statements.prepare(`
      WITH delivered AS (
        UPDATE notices SET status = '${Delivered}', last_error = NULL, last_error_id = NULL
        WHERE id = ANY ($1::uuid[]) AND status IN ('${Pending}', '${Undeliverable}', '${Withdrawn}')
      )
      UPDATE invoices SET notified = true WHERE id = ANY ($2)`);
    this.deliver = async (notices) => {
      const issued = notices.filter(({ kind }) => kind === NoticeKind.Issued);
      await deliver(
        notices.map(({ id }) => id),
        issued.map(({ invoiceId }) => invoiceId),
      );
    };
    this.deliveries = new SharedWrites<Notice>({
      together: async (notices) => this.deliver(notices).then(() => notices.map(() => true)),
      withinMs: UNSEEN_WITHIN_MS,
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.deliveries.settle();
  }

  /** Stores a notice in the transaction of the change that it is about, and answers it. */
  async addNotice(of: NewNotice, within: EntityManager): Promise<Notice> {
    const notice = newNotice(of);
    await this.insert(notice, within);
    return notice;
  }

  /** Takes the notice that is due the longest, for one attempt. No other instance takes it meanwhile. */
  takeDue(now: Date): Promise<Notice[]> {
    return takeDue(this.dataSource.manager, Notice, {
      where: 'status = :pending AND next_attempt_at <= :now',
      parameters: { pending: Pending, now },
      since: 'nextAttemptAt',
      limit: 1,
      lease: { attempts: () => 'attempts + 1', nextAttemptAt: leaseEnd() },
    });
  }

  /** Records that a notice was delivered, and at its invoice that the client's DFSP has accepted it. */
  async markDelivered(notice: Notice): Promise<void> {
    await this.deliver([notice]);
  }

  /** As {@link markDelivered}, in one commit with others, up to a second later. */
  async markDeliveredWithOthers(notice: Notice): Promise<void> {
    await this.deliveries.write(notice);
  }

  async recordFailure(id: string, { errorId, message, nextAttemptAt }: DeliveryFailure): Promise<void> {
    const next = nextAttemptAt ? { nextAttemptAt } : { status: Undeliverable };
    const failed = { lastErrorId: errorId, lastError: message, ...next };
    await this.dataSource.manager.update(Notice, { id, status: Pending }, failed);
  }

  async withdrawNotice(id: string): Promise<void> {
    await this.dataSource.manager.update(Notice, { id, status: Pending }, { status: Withdrawn });
  }

  /** Withdraws the notices of an invoice that cannot be paid any more. */
  async withdrawNotices(invoiceId: string, within: EntityManager): Promise<void> {
    await within.update(Notice, { invoiceId, kind: NoticeKind.Issued, status: Pending }, { status: Withdrawn });
  }

  findNotice(id: string): Promise<Notice | null> {
    return this.dataSource.manager.findOneBy(Notice, { id });
  }

  /** A page of the notices whose last attempt failed, the oldest first. */
  findFailing({ after, limit }: { after: string | undefined; limit: number }): Promise<Notice[]> {
    const query = this.dataSource
      .createQueryBuilder(Notice, 'notice')
      .where(FAILING)
      .orderBy('notice.createdAt')
      .addOrderBy('notice.id')
      .take(limit);
    if (after !== undefined) {
      query.andWhere('(created_at, id) > (SELECT created_at, id FROM notices WHERE id = :after)', { after });
    }
    return query.getMany();
  }

  /** Number of undeliverable notices, counted up to a maximum. */
  async countUndeliverable(): Promise<number> {
    const [{ count } = { count: 0 }] = await this.dataSource.query<{ count: number }[]>(`
      SELECT count(*)::int AS count FROM (
        SELECT FROM notices WHERE ${FAILING} AND status = '${Undeliverable}' LIMIT ${COUNTED_MAX}
      ) AS undeliverable`);
    return count;
  }

  /** Takes a notice whose last attempt failed for another one, and tries it until a new deadline; null if it is none. */
  async takeAgain(id: string, deadlineAt: Date): Promise<Notice | null> {
    const taken = await this.dataSource
      .createQueryBuilder()
      .update(Notice)
      .set({ status: Pending, attempts: () => 'attempts + 1', nextAttemptAt: leaseEnd(), deadlineAt })
      .where(`id = :id AND ${FAILING}`, { id })
      .execute();
    return taken.affected === 1 ? this.findNotice(id) : null;
  }

  /** Makes the oldest undeliverable notices due now, and tries them until a new deadline. @returns how many */
  async takeAllAgain(limit: number, deadlineAt: Date): Promise<number> {
    const changed = await changeDue(this.dataSource.manager, Notice, {
      where: `${FAILING} AND status = :undeliverable`,
      parameters: { undeliverable: Undeliverable },
      since: 'createdAt',
      limit,
      changes: { status: Pending, nextAttemptAt: new Date(), deadlineAt },
      returning: ['id'],
    });
    return changed.length;
  }
}

function leaseEnd(): Date {
  return new Date(Date.now() + LEASE_MS);
}
