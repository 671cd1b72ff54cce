import { Injectable } from '@nestjs/common';
import { microsSql, timeOfSql } from '@level-one/work';
import { DataSource } from 'typeorm';
import { RowStatus } from '../payer/bulk/bulk-payment.entity.js';
import { readCursor, RecordLists } from './record-lists.js';
import type { RefusedRowsQueryDto } from './record-queries.dto.js';
import type { RefusedRowDto, RefusedRowsPageDto } from './records.dto.js';

/** As PostgreSQL gives it; absent members are null. */
interface FoundRow extends Record<
  'bulkPaymentId' | 'sourceIdentifier' | 'identifier' | 'amount' | 'paymentId',
  string
> {
  line: number;
  state: RowStatus;
  currency: string | null;
  error: string | null;
  message: string | null;
  createdAt: Date;
  micros: string;
}

const COLUMNS = `list.id AS "bulkPaymentId", list.payer_identifier AS "sourceIdentifier", row.line, row.status AS state,
  row.identifier, row.amount, row.currency, row.payment_id AS "paymentId", row.error_id AS error, row.message,
  list.created_at AS "createdAt", ${microsSql('list.created_at')} AS micros`;

/** Written out, so that the planner sees which partial index answers it. */
const NOT_PAID = `row.status IN ('${RowStatus.Refused}', '${RowStatus.Failed}')`;

/** Rows of lists of payments that were not paid. The newest list is first; its rows are in its own order. */
@Injectable()
export class RefusedRows {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lists: RecordLists,
  ) {}

  async listRefusedRows(query: RefusedRowsQueryDto): Promise<RefusedRowsPageDto> {
    const values: unknown[] = [];
    const conditions = conditionsOf(query, (value) => `$${values.push(value)}`);
    const found = await this.dataSource.query<FoundRow[]>(
      `SELECT ${COLUMNS} FROM bulk_payments AS list JOIN bulk_payment_rows AS row ON row.bulk_id = list.id
       WHERE ${conditions.join(' AND ')}
       ORDER BY list.created_at DESC, list.id DESC, row.line LIMIT ${Number(query.limit) + 1}`,
      values,
    );
    const cursors = found.map(({ micros, bulkPaymentId: id, line }) => ({ micros, id, side: String(line) }));
    const { rows, next } = this.lists.pageOf(found, cursors, { path: 'refusedRows', query });
    return { rows: rows.map(rowOf), next };
  }
}

function conditionsOf(query: RefusedRowsQueryDto, given: (value: unknown) => string): string[] {
  const { state, bulkPayment, number, from, to, after } = query;
  const conditions = [NOT_PAID];
  if (state !== undefined) conditions.push(`row.status = ${given(state)}`);
  if (bulkPayment !== undefined) conditions.push(`list.id = ${given(bulkPayment)}::uuid`);
  if (number !== undefined) {
    const text = given(number);
    conditions.push(`(list.payer_identifier = ${text} OR row.identifier = ${text})`);
  }
  if (from !== undefined) conditions.push(`list.created_at >= ${given(new Date(from))}`);
  if (to !== undefined) conditions.push(`list.created_at < ${given(new Date(to))}`);
  if (after !== undefined) {
    const { micros, id, side: line = '0' } = readCursor(after, 'uuid');
    const [at, list] = [timeOfSql(given(micros)), `${given(id)}::uuid`];
    const isLater = `list.id = ${list} AND row.line > ${given(Number(line) || 0)}`;
    conditions.push(`((list.created_at, list.id) < (${at}, ${list}) OR ${isLater})`);
  }
  return conditions;
}

function rowOf(found: FoundRow): RefusedRowDto {
  const { micros: _, currency, error, message, createdAt, ...row } = found;
  return {
    ...row,
    ...(currency !== null && { currency }),
    ...(error !== null && { error }),
    ...(message !== null && { message }),
    createdAt: createdAt.toISOString(),
  };
}
