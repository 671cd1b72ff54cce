import { changeDue } from '@level-one/work';
import { type DataSource, type EntityManager, IsNull, Not } from 'typeorm';
import { differences, quoteMismatch } from './quote-mismatches.js';
import { QuoteStatus, quoteStatusesBefore } from '../terms/quote-status.js';
import { isPayers, partiesOf, Quote } from './quote.entity.js';
import { QuoteSide } from '../terms/quote-side.js';

type Optional =
  | 'sourceAmount'
  | 'askedBy'
  | 'invoiceId'
  | 'destinationAccount'
  | 'receiver'
  | 'ipr'
  | 'sourceExpiryDuration'
  | 'connectorAccount';

/** A quote to be stored. */
export type QuoteDraft = Omit<Quote, 'id' | 'status' | 'heldAt' | 'shownAt' | 'expiresAt' | 'createdAt' | Optional> &
  Partial<Pick<Quote, Optional>>;

/** Lifetime of a quote: seconds from now, by the database's clock, or the expiry that the other DFSP set. */
export type QuoteLifetime = { seconds: number } | { until: Date };

/** Default lifetime (contract 4.3, D22). */
export const QUOTE_LIFETIME_SECONDS = 600;

/** Result of an attempt to use or hold a quote. */
export enum QuoteOutcome {
  Done = 'done',
  /** Another transfer was executed with it. */
  Used = 'used',
  Expired = 'expired',
  Unknown = 'unknown',
}

/** Key of a quote. One table stores both sides of a payment inside one DFSP. */
export interface QuoteKey {
  paymentId: string;
  side: QuoteSide;
}

const KEY = 'payment_id = :paymentId AND is_debit = :isPayers';

function parametersOf({ paymentId, side }: QuoteKey): { paymentId: string; isPayers: boolean } {
  return { paymentId, isPayers: isPayers(side) };
}

const LIVE = '(held_at IS NOT NULL OR expires_at > clock_timestamp())';
const OVER = `status = '${QuoteStatus.Reserved}' AND held_at IS NULL AND expires_at <= clock_timestamp()`;

/**
 * Quotes of one DFSP, on both sides. Every change of status is one conditional update by the database's clock, so one
 * of two parallel attempts wins. `within` is the transaction to take part in.
 */
export class QuoteRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Stores a quote before it is sent. If the payment has a quote already, that one is the result, whatever its status
   * (contract 4.3), and `isNew` is false.
   *
   * @throws ContractError 422 QuoteMismatchError if the stored one was requested with other parameters
   */
  async saveQuote(
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
    const quote = await this.findQuote(draft, within);
    if (!quote) throw new Error(`The quote of ${draft.paymentId} is gone`);
    if (!isNew) assertAskedAlike(quote, draft);
    return { quote, isNew };
  }

  /** The quote with its current status: expired if its time is over and no transfer holds it. */
  async findQuote(key: QuoteKey, within: EntityManager = this.dataSource.manager): Promise<Quote | null> {
    const { entities, raw } = await within
      .createQueryBuilder(Quote, 'quote')
      .addSelect(OVER, 'is_over')
      .where(KEY, parametersOf(key))
      .getRawAndEntities<{ is_over: boolean }>();
    const [quote] = entities;
    if (!quote) return null;
    if (raw[0]?.is_over) quote.status = QuoteStatus.Expired;
    return quote;
  }

  /**
   * The last quote of a payer for a receiver or invoice URL, with its current status. If quotes were shown to the
   * payer, the last one shown.
   */
  async findLastQuote(
    { receiver, payerIdentifier }: { receiver: string; payerIdentifier: string },
    { isShown }: { isShown: boolean },
  ): Promise<Quote | null> {
    const latest = await this.dataSource.manager.findOne(Quote, {
      select: { paymentId: true },
      where: {
        receiver,
        ownIdentifier: payerIdentifier,
        side: QuoteSide.Debit,
        ...(isShown ? { shownAt: Not(IsNull()) } : {}),
      },
      order: { id: 'DESC' },
    });
    return latest && this.findQuote({ paymentId: latest.paymentId, side: QuoteSide.Debit });
  }

  /** Records that the price was shown to the payer. */
  async markShown(key: QuoteKey): Promise<void> {
    await this.dataSource
      .createQueryBuilder()
      .update(Quote)
      .set({ shownAt: () => 'coalesce(shown_at, clock_timestamp())' })
      .where(KEY, parametersOf(key))
      .execute();
  }

  /**
   * Numbers of reserved quotes of a requesting DFSP (null: of all DFSPs without a proven identity), in total and for
   * one customer.
   */
  async countOpenOf(
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

  /** Keeps a quote from expiring while its transfer is prepared. May be repeated. */
  holdQuote(key: QuoteKey, within: EntityManager = this.dataSource.manager): Promise<QuoteOutcome> {
    return this.updateReserved(key, { heldAt: () => 'coalesce(held_at, clock_timestamp())' }, QuoteStatus.Used, within);
  }

  /**
   * Reserved → used, when the transfer is executed. One of several parallel calls returns `done`, the others the
   * reason.
   */
  useQuote(key: QuoteKey, within: EntityManager = this.dataSource.manager): Promise<QuoteOutcome> {
    return this.updateReserved(key, { status: QuoteStatus.Used, heldAt: null }, QuoteStatus.Used, within);
  }

  /**
   * Ends the hold of a quote whose transfer was rejected or expired: reserved again, or expired if its time is over.
   * @returns the new status; null if no transfer held it.
   */
  async endHold(
    key: QuoteKey,
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
        ...parametersOf(key),
        from: quoteStatusesBefore(QuoteStatus.Expired),
      })
      .returning(['status', 'expiresAt'])
      .execute();
    const [row] = result.raw as { status: QuoteStatus; expires_at: Date }[];
    return row ? { status: row.status, expiresAt: row.expires_at } : null;
  }

  /** Reserved → expired for up to `limit` quotes whose time is over and that no transfer holds. @returns their keys. */
  expireOverdue(limit: number, within: EntityManager = this.dataSource.manager): Promise<QuoteKey[]> {
    return changeDue(within, Quote, {
      where: OVER,
      since: 'expiresAt',
      limit,
      changes: { status: QuoteStatus.Expired },
      returning: ['paymentId', 'side'],
    });
  }

  private async updateReserved(
    key: QuoteKey,
    changes: Parameters<ReturnType<ReturnType<EntityManager['createQueryBuilder']>['update']>['set']>[0],
    to: QuoteStatus,
    within: EntityManager,
  ): Promise<QuoteOutcome> {
    const result = await within
      .createQueryBuilder()
      .update(Quote)
      .set(changes)
      .where(`${KEY} AND status IN (:...from) AND ${LIVE}`, {
        ...parametersOf(key),
        from: quoteStatusesBefore(to),
      })
      .execute();
    if (result.affected === 1) return QuoteOutcome.Done;
    const quote = await this.findQuote(key, within);
    if (!quote) return QuoteOutcome.Unknown;
    return quote.status === QuoteStatus.Used ? QuoteOutcome.Used : QuoteOutcome.Expired;
  }
}

/** To the millisecond, the precision of the API. */
const EXPIRES_AFTER = `date_trunc('milliseconds', clock_timestamp()) + CAST(:lifetime AS double precision) * interval '1 second'`;

type QuoteQuestion = Pick<
  QuoteDraft,
  | 'side'
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

/** @throws ContractError 422 QuoteMismatchError if a repeated request has other parameters */
export function assertAskedAlike(quote: Quote, again: QuoteQuestion): void {
  const mismatches = differences(askedFor(quote), askedFor(again), quote.scale);
  if (mismatches.length > 0) throw quoteMismatch(mismatches);
}

/** The requested parameters, which must not differ in a repeated request; computed values may. */
function askedFor(quote: QuoteQuestion) {
  const { side, transferType, amountType, amount, currency, peerFee } = quote;
  return {
    ...partiesOf(quote),
    transferType,
    amountType,
    amount,
    currency,
    invoiceId: quote.invoiceId ?? null,
    destinationAccount: quote.destinationAccount ?? null,
    // On the payer's side the other fee is part of the answer, on the payee's side of the request.
    fees: isPayers(side) ? null : peerFee,
  };
}
