import { changeDue } from '@level-one/work';
import { type DataSource, type EntityManager, IsNull, Not } from 'typeorm';
import { differences, quoteMismatch } from './quote-mismatches.js';
import { QuoteStatus, quoteStatusesBefore } from '../terms/quote-status.js';
import { partiesOf, Quote } from './quote.entity.js';

type Optional =
  | 'sourceAmount'
  | 'askedBy'
  | 'invoiceId'
  | 'destinationAccount'
  | 'receiver'
  | 'ipr'
  | 'sourceExpiryDuration'
  | 'connectorAccount';

/** A quote that is to be given. */
export type QuoteDraft = Omit<Quote, 'id' | 'status' | 'heldAt' | 'shownAt' | 'expiresAt' | 'createdAt' | Optional> &
  Partial<Pick<Quote, Optional>>;

/** How long a quote holds: for a time from now on, by the database's clock, or as long as the other DFSP says. */
export type QuoteLifetime = { seconds: number } | { until: Date };

/** Default lifetime (contract 4.3, D22). */
export const QUOTE_LIFETIME_SECONDS = 600;

/** What became of an attempt to use or to hold a quote. */
export enum QuoteOutcome {
  Done = 'done',
  /** A transfer was executed with it before. */
  Used = 'used',
  Expired = 'expired',
  Unknown = 'unknown',
}

/** Which quote: both sides of a payment inside one DFSP are kept in one table. */
export interface QuoteKey {
  paymentId: string;
  isDebit: boolean;
}

const KEY = 'payment_id = :paymentId AND is_debit = :isDebit';
const LIVE = '(held_at IS NOT NULL OR expires_at > clock_timestamp())';
const OVER = `status = '${QuoteStatus.Reserved}' AND held_at IS NULL AND expires_at <= clock_timestamp()`;

/**
 * Quotes of one DFSP, on both sides. Every move is one conditional update by the database's clock, so that of two at
 * once one wins. `within` is the transaction it takes part in.
 */
export class QuoteRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Stores a quote before it is answered. Asked again with the same, the one that is stored is the answer, whatever has
   * become of it (contract 4.3); `isNew` tells.
   *
   * @throws ContractError 422 QuoteMismatchError when it was asked for with other parameters
   */
  async save(
    draft: QuoteDraft,
    lifetime: QuoteLifetime = { seconds: QUOTE_LIFETIME_SECONDS },
    within: EntityManager = this.dataSource.manager,
  ): Promise<{ quote: Quote; isNew: boolean }> {
    const result = await within
      .createQueryBuilder()
      .insert()
      .into(Quote)
      .values({
        ...draft,
        params: draft.params as never,
        status: QuoteStatus.Reserved,
        createdAt: () => 'clock_timestamp()',
        expiresAt: 'until' in lifetime ? lifetime.until : () => EXPIRES_AFTER,
      })
      .setParameter('lifetime', 'until' in lifetime ? 0 : lifetime.seconds)
      .orIgnore()
      .returning('id')
      .execute();
    const isNew = (result.raw as unknown[]).length === 1;
    const quote = await this.find(draft, within);
    if (!quote) throw new Error(`The quote of ${draft.paymentId} is gone`);
    if (!isNew) assertAskedAlike(quote, draft);
    return { quote, isNew };
  }

  /** The quote with its status of this moment: expired, when its time is over and no transfer holds it. */
  async find({ paymentId, isDebit }: QuoteKey, within: EntityManager = this.dataSource.manager): Promise<Quote | null> {
    const { entities, raw } = await within
      .createQueryBuilder(Quote, 'quote')
      .addSelect(OVER, 'is_over')
      .where(KEY, { paymentId, isDebit })
      .getRawAndEntities<{ is_over: boolean }>();
    const [quote] = entities;
    if (!quote) return null;
    if (raw[0]?.is_over) quote.status = QuoteStatus.Expired;
    return quote;
  }

  /**
   * The last quote that a payer got for a receiver or invoice URL, or of those that were shown to them the last one; with
   * its status of this moment.
   */
  async findLast(
    { receiver, payerIdentifier }: { receiver: string; payerIdentifier: string },
    { isShown }: { isShown: boolean },
  ): Promise<Quote | null> {
    const latest = await this.dataSource.manager.findOne(Quote, {
      select: { paymentId: true },
      where: {
        receiver,
        ownIdentifier: payerIdentifier,
        isDebit: true,
        ...(isShown ? { shownAt: Not(IsNull()) } : {}),
      },
      order: { id: 'DESC' },
    });
    return latest && this.find({ paymentId: latest.paymentId, isDebit: true });
  }

  /** Somebody was shown what it costs. */
  async markShown({ paymentId, isDebit }: QuoteKey): Promise<void> {
    await this.dataSource
      .createQueryBuilder()
      .update(Quote)
      .set({ shownAt: () => 'coalesce(shown_at, clock_timestamp())' })
      .where(KEY, { paymentId, isDebit })
      .execute();
  }

  /** How many quotes of a DFSP's, or of nobody who is proven, wait for their payment: in all, and for one customer. */
  async openOf(
    askedBy: string | null,
    ownIdentifier: string,
    within: EntityManager = this.dataSource.manager,
  ): Promise<{ all: number; ofCustomer: number }> {
    const [row]: { all: string; of_customer: string }[] = await within.query(
      `SELECT count(*) AS "all", count(*) FILTER (WHERE own_identifier = $2) AS of_customer FROM quotes
       WHERE status = '${QuoteStatus.Reserved}' AND NOT is_debit AND held_at IS NULL
         AND expires_at > clock_timestamp() AND asked_by IS NOT DISTINCT FROM $1`,
      [askedBy, ownIdentifier],
    );
    return { all: Number(row!.all), ofCustomer: Number(row!.of_customer) };
  }

  /** Keeps a quote from expiring while its transfer is prepared; repeated, it changes nothing. */
  hold(key: QuoteKey, within: EntityManager = this.dataSource.manager): Promise<QuoteOutcome> {
    return this.attempt(key, { heldAt: () => 'coalesce(held_at, clock_timestamp())' }, QuoteStatus.Used, within);
  }

  /** Reserved → used: the transfer is executed. Of several at once one is told `done`, the others why not. */
  use(key: QuoteKey, within: EntityManager = this.dataSource.manager): Promise<QuoteOutcome> {
    return this.attempt(key, { status: QuoteStatus.Used, heldAt: null }, QuoteStatus.Used, within);
  }

  /**
   * The transfer that held the quote was rejected or has expired: it is reserved again, or expired where its time is
   * over. Answers what it is now; null when no transfer held it.
   */
  async unhold(
    { paymentId, isDebit }: QuoteKey,
    within: EntityManager = this.dataSource.manager,
  ): Promise<Pick<Quote, 'status' | 'expiresAt'> | null> {
    const result = await within
      .createQueryBuilder()
      .update(Quote)
      .set({
        heldAt: null,
        status: () =>
          `CASE WHEN expires_at > clock_timestamp() THEN '${QuoteStatus.Reserved}' ELSE '${QuoteStatus.Expired}' END`,
      })
      .where(`${KEY} AND status IN (:...from) AND held_at IS NOT NULL`, {
        paymentId,
        isDebit,
        from: quoteStatusesBefore(QuoteStatus.Expired),
      })
      .returning(['status', 'expiresAt'])
      .execute();
    const [row] = result.raw as { status: QuoteStatus; expires_at: Date }[];
    return row ? { status: row.status, expiresAt: row.expires_at } : null;
  }

  /** Reserved → expired for up to `limit` quotes whose time is over and that no transfer holds; answers which. */
  expireOverdue(limit: number, within: EntityManager = this.dataSource.manager): Promise<QuoteKey[]> {
    return changeDue(within, Quote, {
      where: OVER,
      since: 'expiresAt',
      limit,
      changes: { status: QuoteStatus.Expired },
      returning: ['paymentId', 'isDebit'],
    });
  }

  private async attempt(
    key: QuoteKey,
    changes: Parameters<ReturnType<ReturnType<EntityManager['createQueryBuilder']>['update']>['set']>[0],
    to: QuoteStatus,
    within: EntityManager,
  ): Promise<QuoteOutcome> {
    const { paymentId, isDebit } = key;
    const result = await within
      .createQueryBuilder()
      .update(Quote)
      .set(changes)
      .where(`${KEY} AND status IN (:...from) AND ${LIVE}`, { paymentId, isDebit, from: quoteStatusesBefore(to) })
      .execute();
    if (result.affected === 1) return QuoteOutcome.Done;
    const quote = await this.find(key, within);
    if (!quote) return QuoteOutcome.Unknown;
    return quote.status === QuoteStatus.Used ? QuoteOutcome.Used : QuoteOutcome.Expired;
  }
}

/** To the millisecond, as it is told. */
const EXPIRES_AFTER = `date_trunc('milliseconds', clock_timestamp()) + CAST(:lifetime AS double precision) * interval '1 second'`;

type Question = Pick<
  QuoteDraft,
  | 'isDebit'
  | 'identifier'
  | 'identifierType'
  | 'ownIdentifier'
  | 'ownIdentifierType'
  | 'transferType'
  | 'amountType'
  | 'amount'
  | 'currency'
  | 'scale'
  | 'invoiceId'
  | 'destinationAccount'
  | 'peerFee'
>;

/** @throws ContractError 422 QuoteMismatchError when a quote is asked for again with other parameters */
export function assertAskedAlike(quote: Quote, again: Question): void {
  const mismatches = differences(askedFor(quote), askedFor(again), quote.scale);
  if (mismatches.length > 0) throw quoteMismatch(mismatches);
}

/** What was asked for, which has to be the same when it is asked again; not what was computed. */
function askedFor(quote: Question) {
  const { isDebit, transferType, amountType, amount, currency, peerFee } = quote;
  return {
    ...partiesOf(quote),
    transferType,
    amountType,
    amount,
    currency,
    invoiceId: quote.invoiceId ?? null,
    destinationAccount: quote.destinationAccount ?? null,
    // On the payer's side the other's fee is part of the answer; on the payee's, the payer's fee is part of the question.
    fees: isDebit ? null : peerFee,
  };
}
