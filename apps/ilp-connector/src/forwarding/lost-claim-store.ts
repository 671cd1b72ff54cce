import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { LostClaimEntity } from './lost-claim.entity.js';

/** A claim, as it is found. */
export type FoundClaim = Pick<LostClaimEntity, 'ledger' | 'transferId' | 'amount' | 'fulfillment'>;

/** A claim whose ledger is to be asked now. */
export type DueClaim = FoundClaim & Pick<LostClaimEntity, 'lostAt' | 'state' | 'statement' | 'attempts'>;

/** What is written down of a claim after its ledger was asked, or was not there. */
export type ClaimOutcome = Pick<LostClaimEntity, 'state' | 'statement' | 'attempts' | 'reason'> & {
  /** In ms from now; undefined: it has ended. */
  pauseMs: number | undefined;
};

/** Number and sum of the claims of one ledger in one state. */
export interface ClaimSum extends Pick<LostClaimEntity, 'ledger' | 'state'> {
  count: number;
  amount: string;
}

/** Once for each source, whoever finds it. */
const KEEP = `
  INSERT INTO lost_claims (ledger, transfer_id, amount, fulfillment) VALUES ($1, $2, $3, $4)
  ON CONFLICT (ledger, transfer_id) DO NOTHING
  RETURNING transfer_id`;

/**
 * Another instance does not take them for $2 ms; if this one stops, they are due again then. Materialized: a plan that
 * asks for the due claims once per row of the table would take more than $1.
 */
const TAKE_DUE = `
  WITH due AS MATERIALIZED (
    SELECT ledger, transfer_id FROM lost_claims WHERE next_attempt_at <= clock_timestamp()
    ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED)
  UPDATE lost_claims
  SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + $2::int * interval '1 ms'
  WHERE (ledger, transfer_id) IN (SELECT ledger, transfer_id FROM due)
  RETURNING ledger, transfer_id AS "transferId", amount, fulfillment, lost_at AS "lostAt", state, statement, attempts`;

const WRITE = `
  UPDATE lost_claims
  SET state = $3, statement = $4, attempts = $5, reason = $6,
    next_attempt_at = clock_timestamp() + $7::int * interval '1 ms',
    ended_at = CASE WHEN $7::int IS NULL THEN clock_timestamp() END
  WHERE ledger = $1 AND transfer_id = $2 AND next_attempt_at IS NOT NULL`;

const SUMS = `
  SELECT ledger, state, count(*)::int AS count, sum(amount::numeric)::text AS amount FROM lost_claims
  WHERE next_attempt_at IS NOT NULL OR (state = 'refused' AND ended_at > now() - $1::int * interval '1 day')
  GROUP BY ledger, state ORDER BY ledger, state`;

/** The rows of what this connector paid and could not claim in time. */
@Injectable()
export class LostClaimStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Stores a claim; the same one again changes nothing. @returns whether it is new. */
  async keep({ ledger, transferId, amount, fulfillment }: FoundClaim): Promise<boolean> {
    return (await this.dataSource.query<unknown[]>(KEEP, [ledger, transferId, amount, fulfillment])).length > 0;
  }

  async takeDue(limit: number, leaseMs: number): Promise<DueClaim[]> {
    const [rows] = await this.dataSource.query<[DueClaim[], number]>(TAKE_DUE, [limit, leaseMs]);
    return rows;
  }

  async write(
    { ledger, transferId }: DueClaim,
    { state, statement, attempts, reason, pauseMs }: ClaimOutcome,
  ): Promise<void> {
    await this.dataSource.query(WRITE, [ledger, transferId, state, statement, attempts, reason, pauseMs ?? null]);
  }

  /** Claims that have not ended, and those that were refused in the last days. */
  sums(days: number): Promise<ClaimSum[]> {
    return this.dataSource.query(SUMS, [days]);
  }
}
