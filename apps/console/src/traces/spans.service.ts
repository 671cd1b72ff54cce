import { partsOf } from '@level-one/work';
import { Injectable } from '@nestjs/common';
import { CommonErrorId, commonError } from '@level-one/platform';
import pLimit from 'p-limit';
import { Subject } from 'rxjs';
import { DataSource } from 'typeorm';
import { inCausalOrder } from '../shared/causal-order.js';
import type { ShownSpanDto } from '../shared/span.dto.js';

/** Requests whose spans are written at once; others wait for their turn. */
const WRITES_MAX = 4;
/**
 * Most spans that are written or wait to be. All roles of a network may send what they have in the same second, up to
 * 512 spans each; who comes later is asked to come again.
 */
export const PENDING_SPANS_MAX = 50_000;
/** Spans of one statement. */
const BATCH = 1_000;
/** Most spans that are shown of one payment. */
const OF_PAYMENT_MAX = 5_000;

const COLUMNS = `trace_id AS "traceId", span_id AS "spanId", parent_id AS "parentId", payment_id AS "paymentId", hop, kind,
  role, dfsp, instance, version, peer, name, method, path, status, frame,
  extract(epoch FROM started_at)::float8 * 1000 AS "startMs", duration_ms AS "durationMs",
  request_body AS "requestBody", response_body AS "responseBody", error`;

/** Spans that roles sent, kept in the database. */
@Injectable()
export class SpansService {
  private readonly added = new Subject<readonly ShownSpanDto[]>();
  /** Spans that this instance received, each once. */
  readonly added$ = this.added.asObservable();
  private readonly turns = pLimit(WRITES_MAX);
  /** Spans that are written or wait to be. */
  pending = 0;

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Keeps spans; those that are there already stay as they are.
   * @throws ContractError 503 ServiceUnavailableError while too many are being written
   */
  async addSpans(spans: readonly ShownSpanDto[]): Promise<void> {
    if (spans.length === 0) return;
    if (this.pending > 0 && this.pending + spans.length > PENDING_SPANS_MAX) {
      throw commonError(CommonErrorId.ServiceUnavailable, { message: 'Too many spans at once', retryAfterS: 1 });
    }
    this.pending += spans.length;
    try {
      await this.turns(async () => {
        for (const part of partsOf(spans, BATCH)) await this.insertSpans(part);
      });
    } finally {
      this.pending -= spans.length;
    }
  }

  /** Spans of a payment in causal order: those that name it, and all of its trace. */
  async spansOfPayment(paymentId: string): Promise<ShownSpanDto[]> {
    const spans = await this.dataSource.query<ShownSpanDto[]>(
      `SELECT ${COLUMNS} FROM spans WHERE payment_id = $1 OR trace_id = $2
       ORDER BY started_at, id LIMIT ${OF_PAYMENT_MAX}`,
      [paymentId, paymentId.replaceAll('-', '')],
    );
    return inCausalOrder(spans);
  }

  private async insertSpans(spans: readonly ShownSpanDto[]): Promise<void> {
    const rows = await this.dataSource.query<{ traceId: string; spanId: string }[]>(
      `INSERT INTO spans (trace_id, span_id, parent_id, payment_id, hop, kind, role, dfsp, instance, version, peer,
         name, method, path, status, frame, started_at, duration_ms, request_body, response_body, error)
       SELECT "traceId", "spanId", "parentId", "paymentId", hop, kind, role, dfsp, instance, version, peer, name,
         method, path, status, frame, to_timestamp("startMs" / 1000), "durationMs", "requestBody", "responseBody", error
       FROM json_to_recordset($1) AS given ("traceId" text, "spanId" text, "parentId" text, "paymentId" uuid, hop text,
         kind text, role text, dfsp text, instance text, version text, peer text, name text, method text, path text, status integer,
         frame text, "startMs" float8, "durationMs" float8, "requestBody" text, "responseBody" text, error text)
       ON CONFLICT (trace_id, span_id) DO NOTHING
       RETURNING trace_id AS "traceId", span_id AS "spanId"`,
      [JSON.stringify(spans)],
    );
    const added = new Set(rows.map(({ traceId, spanId }) => traceId + spanId));
    this.added.next(spans.filter(({ traceId, spanId }) => added.has(traceId + spanId)));
  }
}
