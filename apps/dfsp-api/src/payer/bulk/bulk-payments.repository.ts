import { partsOf } from '@level-one/work';
import { Injectable } from '@nestjs/common';
import { QuoteSide } from '@level-one/quote';
import { Limits } from '@level-one/tariff';
import { DataSource, type EntityManager } from 'typeorm';
import { BulkPayment, BulkRow, BulkStatus, RowStatus } from './bulk-payment.entity.js';

/** Rows of one status, counted and added up. */
export interface RowSum {
  status: RowStatus;
  rows: number;
  /** Minor units, of the rows that were quoted. */
  amount: bigint;
  /** Minor units. */
  fee: bigint;
}

const INSERTED_AT_ONCE = 500;
/** One array for each column: inserting 10,000 rows by the entity manager takes many times as long. */
const INSERT_ROWS = `
  INSERT INTO bulk_payment_rows
    (bulk_id, line, identifier, amount, currency, status, payment_id, error_id, message, check_at, fee, attempts)
  SELECT *, 0, 0 FROM unnest(
    $1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::text[], $9::text[],
    $10::timestamptz[])`;
const NEW_COLUMNS = [
  'bulkId',
  'line',
  'identifier',
  'amount',
  'currency',
  'status',
  'paymentId',
  'errorId',
  'message',
  'checkAt',
] as const;

/** A row before it is checked. */
export type NewBulkRow = Pick<BulkRow, (typeof NEW_COLUMNS)[number]>;

function columnsOf(rows: readonly NewBulkRow[]): unknown[][] {
  return NEW_COLUMNS.map((name) => rows.map((row) => row[name]));
}

/** Rows that are due; checked rows only of a list that was executed. What was sent is followed also after the deadline. */
const DUE = `
  SELECT row.bulk_id, row.line FROM bulk_payment_rows AS row JOIN bulk_payments AS bulk ON bulk.id = row.bulk_id
  WHERE row.check_at <= $1 AND row.status IN ('waiting', 'checked', 'paying')
    AND (bulk.status = 'checking' AND row.status = 'waiting' AND bulk.ask_until > $1
      OR bulk.status = 'paying' AND row.status = 'checked' AND bulk.ask_until > $1
      OR bulk.status IN ('paying', 'cancelled') AND row.status = 'paying')
  ORDER BY row.check_at, row.line LIMIT $3 FOR UPDATE OF row SKIP LOCKED`;

/** Rows that a list of each status may have to resume: those that were tried, or were left when it moved on. */
const LEFT: Partial<Record<BulkStatus, string>> = {
  [BulkStatus.Checking]: `status = 'waiting' AND attempts > 0`,
  [BulkStatus.Checked]: `status = 'waiting'`,
  [BulkStatus.Paying]: `status IN ('checked', 'paying') AND attempts > 0`,
  [BulkStatus.Done]: `status IN ('waiting', 'checked')`,
};

/** Locks a list, and reads its status. */
function lockList(manager: EntityManager, id: string): Promise<{ status: BulkStatus }[]> {
  return manager.query('SELECT status FROM bulk_payments WHERE id = $1 FOR UPDATE', [id]);
}

/** Lists of payments and their rows. Every move is a conditional update: of two at once one wins. */
@Injectable()
export class BulkPaymentsRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly limits: Limits,
  ) {}

  findBulkPayment(id: string): Promise<BulkPayment | null> {
    return this.dataSource.manager.findOneBy(BulkPayment, { id });
  }

  /** Stores a list with its rows, unless its id is taken; answers the stored list. */
  async keepFirst(bulk: BulkPayment, rows: readonly NewBulkRow[]): Promise<BulkPayment> {
    await this.dataSource.transaction(async (manager) => {
      const inserted = await manager
        .createQueryBuilder()
        .insert()
        .into(BulkPayment)
        .values(bulk)
        .orIgnore()
        .returning('id')
        .execute();
      if ((inserted.raw as unknown[]).length === 0) return;
      for (const part of partsOf(rows, INSERTED_AT_ONCE)) await manager.query(INSERT_ROWS, columnsOf(part));
      await this.advanceStatus(manager, bulk.id);
    });
    return this.dataSource.manager.findOneByOrFail(BulkPayment, { id: bulk.id });
  }

  /** A page of rows, in the order of the list. */
  findRows(bulkId: string, page: { status?: RowStatus | undefined; after: number; limit: number }): Promise<BulkRow[]> {
    const query = this.dataSource
      .createQueryBuilder(BulkRow, 'row')
      .where('row.bulkId = :bulkId AND row.line > :after', { bulkId, after: page.after })
      .orderBy('row.line')
      .take(page.limit);
    if (page.status !== undefined) query.andWhere('row.status = :status', { status: page.status });
    return query.getMany();
  }

  async sumRows(bulkId: string): Promise<RowSum[]> {
    const sums: { status: RowStatus; rows: number; amount: string; fee: string }[] = await this.dataSource.query(
      `SELECT status, count(*)::int AS rows, coalesce(sum(source_amount), 0) AS amount, sum(fee) AS fee
       FROM bulk_payment_rows WHERE bulk_id = $1 GROUP BY status`,
      [bulkId],
    );
    return sums.map((sum) => ({ ...sum, amount: BigInt(sum.amount), fee: BigInt(sum.fee) }));
  }

  /**
   * Checked → paying, or done at once where no row can be paid. Its deadline is not before `askUntil` then. False when it
   * is in another state.
   */
  beginPaying(id: string, askUntil: Date): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      if (!(await this.moveBulk(id, [BulkStatus.Checked], BulkStatus.Paying, manager))) return false;
      await manager.query('UPDATE bulk_payments SET ask_until = greatest(ask_until, $2) WHERE id = $1', [id, askUntil]);
      await this.advanceStatus(manager, id);
      return true;
    });
  }

  /** Cancels the rows that are not being paid yet, and releases their part of the payer's limits. */
  cancelBulkPayment(id: string): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const from = [BulkStatus.Checking, BulkStatus.Checked, BulkStatus.Paying];
      if (!(await this.moveBulk(id, from, BulkStatus.Cancelled, manager))) return false;
      const [cancelled]: [{ payment_id: string }[]] = await manager.query(
        `UPDATE bulk_payment_rows SET status = 'cancelled'
         WHERE bulk_id = $1 AND status IN ('waiting', 'checked') RETURNING payment_id`,
        [id],
      );
      const paymentIds = cancelled.map(({ payment_id: paymentId }) => paymentId);
      await this.limits.expirePayments(paymentIds, QuoteSide.Debit, manager);
      return true;
    });
  }

  /** Takes up to `limit` rows that are due; no other worker takes them until `until`. */
  async takeDue(now: Date, until: Date, limit: number): Promise<BulkRow[]> {
    const [taken]: [{ bulk_id: string; line: number }[]] = await this.dataSource.query(
      // Materialized: a plan that asks for the due rows once per row of the table would take more of them.
      `WITH due AS MATERIALIZED (${DUE})
       UPDATE bulk_payment_rows AS taken SET check_at = $2 FROM due
       WHERE taken.bulk_id = due.bulk_id AND taken.line = due.line RETURNING taken.bulk_id, taken.line`,
      [now, until, limit],
    );
    if (taken.length === 0) return [];
    return this.dataSource.manager.findBy(
      BulkRow,
      taken.map(({ bulk_id: bulkId, line }) => ({ bulkId, line })),
    );
  }

  /** Makes every taken row due: at the start of the role no worker has any. */
  async releaseAll(now: Date): Promise<void> {
    await this.dataSource.query(
      `UPDATE bulk_payment_rows SET check_at = $1
       WHERE status IN ('waiting', 'checked', 'paying') AND check_at > $1`,
      [now],
    );
  }

  /** Makes rows due that a worker has let go. */
  async releaseRows(rows: readonly Pick<BulkRow, 'bulkId' | 'line'>[], now: Date): Promise<void> {
    await this.dataSource.query(
      `UPDATE bulk_payment_rows AS row SET check_at = $3
       FROM unnest($1::uuid[], $2::int[]) AS free (bulk_id, line)
       WHERE row.bulk_id = free.bulk_id AND row.line = free.line AND row.status IN ('waiting', 'checked', 'paying')`,
      [rows.map(({ bulkId }) => bulkId), rows.map(({ line }) => line), now],
    );
  }

  /**
   * Tries the rows at once that could not be checked or paid, and then until a new deadline. A list that has moved on
   * without them is checked again. False if there are none.
   */
  resumeBulkPayment(id: string, askUntil: Date, now: Date): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const [list] = await lockList(manager, id);
      const left = list && LEFT[list.status];
      if (!left) return false;
      const [resumed]: [unknown[]] = await manager.query(
        `UPDATE bulk_payment_rows SET check_at = $2, attempts = 0
         WHERE bulk_id = $1 AND (${left}) RETURNING true`,
        [id, now],
      );
      if (resumed.length === 0) return false;
      const isOver = list.status === BulkStatus.Checked || list.status === BulkStatus.Done;
      const changes = { askUntil, ...(isOver && { status: BulkStatus.Checking }) };
      await manager.update(BulkPayment, { id }, changes);
      await this.advanceStatus(manager, id);
      return true;
    });
  }

  /**
   * Moves a row that is still in `from` with the paymentId it was read with, and writes `learnt`. The list is locked
   * first, so that of the last two rows at once the later one moves the list on. No row begins to be paid unless its list
   * is being paid, and one of a cancelled list that was not paid is cancelled.
   */
  async moveRow(
    { bulkId, line, paymentId }: Pick<BulkRow, 'bulkId' | 'line' | 'paymentId'>,
    from: RowStatus,
    learnt: Partial<Omit<BulkRow, 'bulkId' | 'line'>>,
  ): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const [list] = await lockList(manager, bulkId);
      if (learnt.status === RowStatus.Paying && list?.status !== BulkStatus.Paying) return false;
      const isDropped = learnt.status === RowStatus.Checked && list?.status === BulkStatus.Cancelled;
      const result = await manager
        .createQueryBuilder()
        .update(BulkRow)
        .set(isDropped ? { ...learnt, status: RowStatus.Cancelled } : learnt)
        .where('bulk_id = :bulkId AND line = :line AND status = :from AND payment_id = :paymentId', {
          bulkId,
          line,
          from,
          paymentId,
        })
        .execute();
      if (learnt.status !== undefined) await this.advanceStatus(manager, bulkId);
      return result.affected === 1;
    });
  }

  /** Moves on the lists whose rows are ahead of them, after a crash. */
  advanceAll(): Promise<void> {
    return this.advanceStatus(this.dataSource.manager);
  }

  /**
   * checking → checked once no row is waiting; paying → done once no row is checked or paying. After the deadline it moves
   * on without the rows that wait to be tried again.
   */
  private async advanceStatus(manager: EntityManager, id?: string): Promise<void> {
    const open = (statuses: string): string =>
      `EXISTS (SELECT FROM bulk_payment_rows AS row WHERE row.bulk_id = bulk.id AND row.status IN (${statuses}))`;
    await manager.query(
      `UPDATE bulk_payments AS bulk SET status = CASE status WHEN 'checking' THEN 'checked' ELSE 'done' END
       WHERE ($1::uuid IS NULL OR id = $1) AND (
         status = 'checking' AND (ask_until <= $2 OR NOT ${open(`'waiting'`)})
         OR status = 'paying' AND NOT ${open(`'paying'`)} AND (ask_until <= $2 OR NOT ${open(`'checked'`)}))`,
      [id ?? null, new Date()],
    );
  }

  private async moveBulk(id: string, from: BulkStatus[], status: BulkStatus, manager: EntityManager): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .update(BulkPayment)
      .set({ status })
      .where('id = :id AND status IN (:...from)', { id, from })
      .execute();
    return result.affected === 1;
  }
}
