import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PAYING_PATHS } from '../shared/paying-requests.js';
import type { ChartsDto } from './operation.dto.js';

const HOUR_MS = 60 * 60 * 1_000;
/** Parts of time of a chart, at most. */
const BUCKETS_MAX = 120;
/** Lengths of a part in s. */
const LENGTHS = [10, 30, 60, 300, 900, 3_600, 6 * 3_600, 24 * 3_600];
/** A request that begins a payment has a span in the payment's trace and one in its own; it is counted once. */
const IS_COUNTED = '(payment_id IS NOT NULL OR status >= 400)';

interface PaymentsRow {
  at: Date;
  payments: number;
  p50: number;
  p95: number;
  accepted: number;
  refused: number;
  failed: number;
}

interface PositionRow {
  at: Date;
  account: string;
  net: number;
}

/** Series for charts, from spans and samples, made by the database. */
@Injectable()
export class ChartsService {
  constructor(private readonly dataSource: DataSource) {}

  /** @param from Unix time in ms; default one hour ago */
  async readCharts(from = Date.now() - HOUR_MS): Promise<ChartsDto> {
    const since = new Date(from);
    const ageS = Math.max(1, (Date.now() - from) / 1_000);
    const bucketS = LENGTHS.find((length) => ageS / length <= BUCKETS_MAX) ?? Math.ceil(ageS / BUCKETS_MAX);
    const [payments, positions] = await Promise.all([
      this.readPayments(since, bucketS),
      this.readPositions(since, bucketS),
    ]);
    const sum = (state: 'accepted' | 'refused' | 'failed') => ({
      state,
      count: payments.reduce((total, row) => total + row[state], 0),
    });
    return {
      since: since.toISOString(),
      bucketS,
      rate: payments.map(({ at, payments: rate }) => ({ at: at.toISOString(), payments: rate })),
      latency: payments.map(({ at, p50, p95 }) => ({ at: at.toISOString(), p50, p95 })),
      states: payments.length === 0 ? [] : [sum('accepted'), sum('refused'), sum('failed')],
      positions: pointsOf(positions),
    };
  }

  private readPayments(since: Date, bucketS: number): Promise<PaymentsRow[]> {
    return this.dataSource.query<PaymentsRow[]>(
      `SELECT date_bin(make_interval(secs => $2), started_at, $1) AS at,
         round(count(*) / $2::numeric, 3)::float8 AS payments,
         round(percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms)::numeric, 1)::float8 AS p50,
         round(percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms)::numeric, 1)::float8 AS p95,
         count(*) FILTER (WHERE status < 400)::integer AS accepted,
         count(*) FILTER (WHERE status BETWEEN 400 AND 499)::integer AS refused,
         count(*) FILTER (WHERE status >= 500)::integer AS failed
       FROM spans
       WHERE started_at >= $1 AND role = 'dfsp-api' AND kind = 'server' AND path ~ $3
         AND ${IS_COUNTED}
       GROUP BY 1 ORDER BY 1`,
      [since, bucketS, PAYING_PATHS],
    );
  }

  private readPositions(since: Date, bucketS: number): Promise<PositionRow[]> {
    return this.dataSource.query<PositionRow[]>(
      `SELECT date_bin(make_interval(secs => $2), at, $1) AS at, account,
         (array_agg(net ORDER BY at DESC))[1]::float8 AS net
       FROM position_samples WHERE at >= $1 GROUP BY 1, 2 ORDER BY 1, 2`,
      [since, bucketS],
    );
  }
}

/** One point for each part of time, with all accounts. */
function pointsOf(rows: readonly PositionRow[]): object[] {
  const points = new Map<string, Record<string, string | number>>();
  for (const { at, account, net } of rows) {
    const time = at.toISOString();
    points.set(time, { at: time, ...points.get(time), [account]: net });
  }
  return [...points.values()];
}
