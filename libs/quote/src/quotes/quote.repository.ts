import { changeDue, type HotQuery, type HotStatements, refusalIn } from '@level-one/work';
import type { DataSource, EntityManager } from 'typeorm';
import { differences, quoteMismatch } from './quote-mismatches.js';
import { QuoteErrorId, quoteError } from '../terms/quote-errors.js';
import { QuoteStatus } from '../terms/quote-status.js';
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
  | 'connectorAccount'
  | 'shownAt';

/** A quote to be stored. */
export type QuoteDraft = Omit<Quote, 'id' | 'status' | 'heldAt' | 'expiresAt' | 'createdAt' | Optional> &
  Partial<Pick<Quote, Optional>>;

/** Default lifetime (contract 4.3, D22). */
export const QUOTE_LIFETIME_SECONDS = 600;

/** Key of a quote. One table stores both sides of a payment inside one DFSP. */
export interface QuoteKey {
  paymentId: string;
  side: QuoteSide;
}

/** Quotes of both sides of a payment; only one inside a DFSP has both. */
export type QuoteSides = Record<QuoteSide, Quote | null>;

/** Parameters $1 and $2. */
const KEY = 'payment_id = $1 AND is_debit = $2';
const OVER = `status = '${QuoteStatus.Reserved}' AND held_at IS NULL AND expires_at <= clock_timestamp()`;

function keyOf({ paymentId, side }: QuoteKey): [string, boolean] {
  return [paymentId, isPayers(side)];
}

/** What a new quote is stored with; the other columns are null. */
const GIVEN = [
  'paymentId',
  'side',
  'status',
  'identifier',
  'identifierType',
  'ownIdentifier',
  'ownIdentifierType',
  'transferType',
  'invoiceId',
  'amountType',
  'amount',
  'transferAmount',
  'receiveAmount',
  'charged',
  'currency',
  'scale',
  'sourceAmount',
  'fee',
  'commission',
  'peerFee',
  'peerCommission',
  'destinationAccount',
  'receiver',
  'ipr',
  'sourceExpiryDuration',
  'connectorAccount',
  'askedBy',
  'shownAt',
  'expiresAt',
  'createdAt',
  'params',
] as const satisfies (keyof Quote)[];

/** Stores a quote before it is sent, see {@link QuoteRepository.prepareSave}. */
export type SaveQuote = (
  draft: QuoteDraft,
  expiresAt?: Date,
  ...further: unknown[]
) => Promise<{ quote: Quote; isNew: boolean }>;

/** Whose quotes for what, see {@link QuoteRepository.prepareFindLast}. */
export interface LastQuoteKey {
  /** URL of a receiver or of an invoice. */
  receiver: string;
  payerIdentifier: string;
}

/** SQLSTATE of a quote that cannot be held; the detail says why. */
const NOT_HELD = 'LV003';
const REASONS: Readonly<Record<string, QuoteErrorId>> = {
  used: QuoteErrorId.Used,
  expired: QuoteErrorId.Expired,
  unknown: QuoteErrorId.NotFound,
};

/** 404 QuoteNotFoundError, 422 QuoteExpiredError or QuoteUsedError if a statement was refused by the SQL function `hold_quote`. */
export function quoteRefusalIn(error: unknown): Error | undefined {
  const { code, detail } = refusalIn(error) ?? {};
  return code === NOT_HELD ? quoteError(REASONS[detail!]!) : undefined;
}

/**
 * Quotes of one DFSP, on both sides. SQL functions move them by the database's clock, in the statement that moves their
 * payment, so that one of two parallel attempts wins: `hold_quote`, `use_quote` and `free_quote`.
 */
export class QuoteRepository {
  readonly saveQuote: SaveQuote;
  private readonly select: HotQuery<Quote & { isOver: boolean }>;
  private readonly selectSides: HotQuery<Quote & { isOver: boolean }>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: HotStatements,
  ) {
    const quotes = statements.tableOf(Quote);
    const select = `SELECT {columns}, ${OVER} AS "isOver" FROM {table}`;
    this.saveQuote = this.prepareSave();
    this.select = quotes.query(`${select} WHERE ${KEY}`);
    this.selectSides = quotes.query(`${select} WHERE payment_id = $1`);
  }

  /**
   * Prepares the statement that stores a quote before it is sent. If the payment has a quote already, that one is the
   * result, whatever its status (contract 4.3), and `isNew` is false. Else the SQL functions are called with the new one,
   * which is not stored if one of them refuses.
   *
   * The statement throws ContractError 422 QuoteMismatchError if the stored quote was requested with other parameters.
   */
  prepareSave(...withNew: readonly string[]): SaveQuote {
    const insertOrFind = this.statements.tableOf(Quote).insertOrFind(GIVEN, ['paymentId', 'side'], ...withNew);
    return async (draft, expiresAt, ...further) => {
      const createdAt = new Date();
      const until = expiresAt ?? new Date(createdAt.getTime() + QUOTE_LIFETIME_SECONDS * 1_000);
      const given = { ...draft, status: QuoteStatus.Reserved, createdAt, expiresAt: until };
      const { row, isNew } = await insertOrFind(given, ...further);
      if (isNew) return { quote: row, isNew };
      const quote = await this.findQuote(draft);
      if (!quote) throw new Error(`The quote of ${draft.paymentId} is gone`);
      assertAskedAlike(quote, draft);
      return { quote, isNew };
    };
  }

  /** The quote with its current status: expired if its time is over and no transfer holds it. */
  async findQuote(key: QuoteKey): Promise<Quote | null> {
    const [quote] = await this.select(...keyOf(key));
    return quote ? currentQuote(quote) : null;
  }

  /** The quotes of both sides with their current status. */
  async findSides(paymentId: string): Promise<QuoteSides> {
    const quotes = (await this.selectSides(paymentId)).map(currentQuote);
    const ofSide = (side: QuoteSide) => quotes.find((quote) => quote.side === side) ?? null;
    return { [QuoteSide.Debit]: ofSide(QuoteSide.Debit), [QuoteSide.Credit]: ofSide(QuoteSide.Credit) };
  }

  /**
   * Prepares the statement that finds the last quote of a payer for a receiver or an invoice, with its current status.
   *
   * @param isShown only quotes that were shown to the payer
   * @param further columns of the answer, in SQL on the table `quotes`
   */
  prepareFindLast<Further extends object>(
    { isShown }: { isShown: boolean },
    further: string,
  ): (key: LastQuoteKey) => Promise<(Quote & Further) | null> {
    const find = this.statements.tableOf(Quote).query<{ isOver: boolean } & Further>(`
      SELECT {columns}, ${OVER} AS "isOver", ${further} FROM {table}
      WHERE receiver = $1 AND own_identifier = $2 AND is_debit ${isShown ? 'AND shown_at IS NOT NULL' : ''}
      ORDER BY id DESC LIMIT 1`);
    return async ({ receiver, payerIdentifier }) => {
      const [quote] = await find(receiver, payerIdentifier);
      return quote ? currentQuote(quote) : null;
    };
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
}

function currentQuote<Q extends Quote>({ isOver, ...quote }: Q & { isOver: boolean }): Q {
  return (isOver ? { ...quote, status: QuoteStatus.Expired } : quote) as unknown as Q;
}

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
