import { Injectable } from '@nestjs/common';
import type { UuidRange } from '@level-one/platform';
import { DataSource } from 'typeorm';
import { BEGINNING_PATHS, PAYING_PATHS } from '../shared/paying-requests.js';

/** A request to pay that a DFSP API refused. */
export interface RefusedRequest {
  /** Where a list goes on behind it. */
  place: string;
  paymentId: string;
  dfsp: string;
  at: Date;
  status: number;
  responseBody: string | null;
}

/** A request that a DFSP API refused before it had the id of a payment. */
export interface UnnamedRequest extends Omit<RefusedRequest, 'paymentId'> {
  /** @example "/v1/quote" */
  path: string;
  /** Null if no call to another role failed, or it is not kept. */
  failed: FailedStep | null;
}

/** A call between roles that was refused or not answered. */
export interface FailedStep {
  /** Place and role, `dfsp1/dfsp-api`. */
  from: string;
  to: string;
  hop: string;
  /** Null if it was not answered. */
  status: number | null;
  /** Why it was not answered: `not reached`, `connection lost` or `no answer`. */
  error: string | null;
}

/** Which refused requests are listed; undefined is any. */
export interface RefusedRequestsQuery {
  /** Of which payments. */
  ids?: UuidRange | undefined;
  dfsp?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** {@link RefusedRequest.place} of the last one of the page before. */
  after?: string | undefined;
}

const COLUMNS = `dfsp, started_at AS at, status, response_body AS "responseBody",
  (extract(epoch FROM started_at) * 1000000)::bigint || '.' || id AS place`;

/** The call between roles that failed first in the trace of a request: the first to end is the cause of the others. */
const FIRST_FAILURE = `
  SELECT jsonb_build_object('from', coalesce(step.dfsp, 'centre') || '/' || step.role,
    'to', CASE WHEN step.peer LIKE '%/%' THEN step.peer ELSE 'centre/' || step.peer END,
    'hop', step.hop, 'status', step.status, 'error', step.error)
  FROM spans AS step
  WHERE step.trace_id = refused.trace_id AND step.kind = 'client' AND (step.status IS NULL OR step.status >= 400)
    AND step.peer IS NOT NULL AND step.hop IS NOT NULL AND step.hop NOT LIKE 'support-%'
  ORDER BY step.started_at + step.duration_ms * interval '1 ms' LIMIT 1`;

/** Requests to pay that were refused, from kept spans: the roles keep nothing of a payment that never began. */
@Injectable()
export class RefusedRequestsService {
  constructor(private readonly dataSource: DataSource) {}

  /** The last refusal of each payment, the newest first. */
  listRefused({ ids, dfsp, from, to, after }: RefusedRequestsQuery, limit: number): Promise<RefusedRequest[]> {
    const [micros, id] = after?.split('.') ?? [];
    return this.dataSource.query<RefusedRequest[]>(
      `SELECT payment_id AS "paymentId", ${COLUMNS}
       FROM spans AS refused
       WHERE role = 'dfsp-api' AND kind = 'server' AND status >= 400 AND payment_id IS NOT NULL
         AND dfsp IS NOT NULL AND path ~ $1
         AND ($2::uuid IS NULL OR payment_id BETWEEN $2 AND $3::uuid) AND ($4::text IS NULL OR dfsp = $4)
         AND ($5::timestamptz IS NULL OR started_at >= $5) AND ($6::timestamptz IS NULL OR started_at < $6)
         AND ($7::bigint IS NULL OR (started_at, id) < (to_timestamp(0) + $7 * interval '1 microsecond', $8::bigint))
         AND NOT EXISTS (SELECT FROM spans AS later WHERE later.payment_id = refused.payment_id
           AND later.role = 'dfsp-api' AND later.kind = 'server' AND later.path ~ $1
           AND (later.started_at, later.id) > (refused.started_at, refused.id))
       ORDER BY started_at DESC, id DESC LIMIT $9`,
      [PAYING_PATHS, ids?.first, ids?.last, dfsp, from, to, micros, id, limit],
    );
  }

  /** Requests that ask to pay, for a price or for a list to be paid, and have no payment; the newest first. */
  listUnnamed({ dfsp, from, to, after }: Omit<RefusedRequestsQuery, 'ids'>, limit: number): Promise<UnnamedRequest[]> {
    const [micros, id] = after?.split('.') ?? [];
    return this.dataSource.query<UnnamedRequest[]>(
      `SELECT path, ${COLUMNS}, (${FIRST_FAILURE}) AS failed FROM spans AS refused
       WHERE role = 'dfsp-api' AND kind = 'server' AND status >= 400 AND payment_id IS NULL AND method <> 'GET'
         AND dfsp IS NOT NULL AND path ~ $1 AND coalesce(response_body, '') !~ '"paymentId":"[0-9a-f]'
         AND ($2::text IS NULL OR dfsp = $2)
         AND ($3::timestamptz IS NULL OR started_at >= $3) AND ($4::timestamptz IS NULL OR started_at < $4)
         AND ($5::bigint IS NULL OR (started_at, id) < (to_timestamp(0) + $5 * interval '1 microsecond', $6::bigint))
       ORDER BY started_at DESC, id DESC LIMIT $7`,
      [BEGINNING_PATHS, dfsp ?? null, from ?? null, to ?? null, micros ?? null, id ?? null, limit],
    );
  }
}

/** Id of the error in an answer; null if there is none. */
export const errorIdIn = (body: string | null): string | null => memberIn(body, 'id');

/** The `type` of an error: which limit, or how an invoice ended. Null if there is none. */
export const errorTypeIn = (body: string | null): string | null => memberIn(body, 'type');

function memberIn(body: string | null, name: 'id' | 'type'): string | null {
  try {
    const value = (JSON.parse(body ?? '{}') as Record<string, unknown>)[name];
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}
