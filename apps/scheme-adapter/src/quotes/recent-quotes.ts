import { Injectable } from '@nestjs/common';
import { askedOf, type QuoteDto, type QuoteRequestDto, type QuoteResponseDto } from '@level-one/peers';
import { isContractUuid, RoleLogger } from '@level-one/platform';
import { BatchSweeper } from '@level-one/work';
import { DataSource, type Repository } from 'typeorm';
import { RecentQuote } from './recent-quote.entity.js';

/** Most ids in memory; those before them cost a statement. */
const LEFT_MAX = 10_000;

/**
 * Quotes that were got through this scheme adapter by callers other than the DFSP's API, which stores its own. They are
 * kept for a day after their expiry; no money depends on them.
 */
@Injectable()
export class RecentQuotes {
  private readonly rows: Repository<RecentQuote>;
  /** Ids of quotes that this instance got for the DFSP's API: no row is looked for when they are paid. */
  private readonly ofDfspApi = new Set<string>();

  constructor(private readonly dataSource: DataSource) {
    this.rows = dataSource.getRepository(RecentQuote);
  }

  /** A quote that was got again stays used. */
  async keepQuote(
    request: QuoteRequestDto,
    { sourceAmount: _internal, ...response }: QuoteResponseDto,
    expiresAt: Date,
  ): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO recent_quotes (payment_id, answer, expires_at, is_used) VALUES ($1, $2, $3, false)
       ON CONFLICT (payment_id) DO UPDATE SET answer = excluded.answer, expires_at = excluded.expires_at`,
      [response.paymentId, JSON.stringify({ ...askedOf(request), ...response }), expiresAt],
    );
  }

  /** Notes a quote that the DFSP's API keeps. */
  leaveToDfspApi(paymentId: string): void {
    this.ofDfspApi.add(paymentId);
    if (this.ofDfspApi.size > LEFT_MAX) this.ofDfspApi.delete(this.ofDfspApi.values().next().value!);
  }

  /** Marks a quote as used: its payment was executed. */
  async markUsed(paymentId: string): Promise<void> {
    if (this.ofDfspApi.delete(paymentId)) return;
    await this.rows.update({ paymentId, isUsed: false }, { isUsed: true });
  }

  async findQuote(paymentId: string): Promise<QuoteDto | undefined> {
    if (!isContractUuid(paymentId)) return undefined;
    const quote = await this.rows.findOneBy({ paymentId });
    if (!quote) return undefined;
    const { answer, expiresAt, isUsed } = quote;
    const isOver = expiresAt <= new Date();
    return { ...answer, expiresAt: expiresAt.toISOString(), status: isUsed ? 'used' : isOver ? 'expired' : 'reserved' };
  }

  /** @returns how many were deleted, at most `size`. */
  async deleteOld(size: number): Promise<number> {
    const [, deleted] = await this.dataSource.query<[unknown, number]>(
      `DELETE FROM recent_quotes WHERE payment_id IN
         (SELECT payment_id FROM recent_quotes WHERE expires_at < now() - interval '1 day' LIMIT ${size})`,
    );
    return deleted;
  }
}

/** Deletes quotes that expired a day ago. */
@Injectable()
export class RecentQuotesSweeper extends BatchSweeper {
  constructor(quotes: RecentQuotes, logger: RoleLogger) {
    const work = (size: number): Promise<number> => quotes.deleteOld(size);
    super({ name: 'recent quotes', intervalMs: 600_000, size: 1_000, logger, work });
  }
}
