import { changeDue, type HotQuery, type HotStatements } from '@level-one/work';
import type { DataSource, EntityManager } from 'typeorm';
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

/** Quotes of both sides of a payment; only one inside a DFSP has both. */
export type QuoteSides = Record<QuoteSide, Quote | null>;

/** Parameters $1 and $2. */
const KEY = 'payment_id = $1 AND is_debit = $2';
const LIVE = '(held_at IS NOT NULL OR expires_at > clock_timestamp())';
const OVER = `status = '${QuoteStatus.Reserved}' AND held_at IS NULL AND expires_at <= clock_timestamp()`;

/** Quotes that may move to a status. */
function mayMoveTo(status: QuoteStatus): string {
  const from = quoteStatusesBefore(status).map((before) => `'${before}'`);
  return `${KEY} AND status IN (${from.join(', ')})`;
}

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
  'expiresAt',
  'createdAt',
  'params',
] as const satisfies (keyof Quote)[];

/**
 * Quotes of one DFSP, on both sides. Every change of status is one conditional update by the database's clock, so one
 * of two parallel attempts wins. `within` is the transaction to take part in.
 */
export class QuoteRepository {
  private readonly insertOrFind: ReturnType<typeof insertQuote>;
  private readonly select: HotQuery<Quote & { isOver: boolean }>;
  private readonly selectSides: HotQuery<Quote & { isOver: boolean }>;
  private readonly selectLast: HotQuery<Quote & { isOver: boolean }>;
  private readonly selectLastShown: HotQuery<Quote & { isOver: boolean }>;
  private readonly show: HotQuery<object>;
  private readonly count: HotQuery<{ all: number; ofCustomer: number }>;
  private readonly hold: HotQuery<object>;
  private readonly use: HotQuery<object>;
  private readonly release: HotQuery<Pick<Quote, 'status' | 'expiresAt'>>;

  constructor(
    private readonly dataSource: DataSource,
    statements: HotStatements,
  ) {
    const quotes = statements.tableOf(Quote);
    const select = `SELECT {columns}, ${OVER} AS "isOver" FROM {table}`;
    this.insertOrFind = insertQuote(statements);
    this.select = quotes.query(`${select} WHERE ${KEY}`);
    this.selectSides = quotes.query(`${select} WHERE payment_id = $1`);
    const ofPayer = `${select} WHERE receiver = $1 AND own_identifier = $2 AND is_debit`;
    this.selectLast = quotes.query(`${ofPayer} ORDER BY id DESC LIMIT 1`);
    this.selectLastShown = quotes.query(`${ofPayer} AND shown_at IS NOT NULL ORDER BY id DESC LIMIT 1`);
    this.show = statements.prepare(`UPDATE quotes SET shown_at = coalesce(shown_at, clock_timestamp()) WHERE ${KEY}`);
    this.count = statements.prepare(`
      SELECT count(*)::int AS "all", count(*) FILTER (WHERE own_identifier = $2)::int AS "ofCustomer" FROM quotes
      WHERE status = '${QuoteStatus.Reserved}' AND NOT is_debit AND held_at IS NULL
        AND expires_at > clock_timestamp() AND asked_by IS NOT DISTINCT FROM $1`);
    this.hold = statements.prepare(`
      UPDATE quotes SET held_at = coalesce(held_at, clock_timestamp())
      WHERE ${mayMoveTo(QuoteStatus.Used)} AND ${LIVE} RETURNING true`);
    this.use = statements.prepare(`
      UPDATE quotes SET status = '${QuoteStatus.Used}', held_at = NULL
      WHERE ${mayMoveTo(QuoteStatus.Used)} AND ${LIVE} RETURNING true`);
    this.release = statements.prepare(`
      UPDATE quotes SET held_at = NULL,
        status = CASE WHEN expires_at > clock_timestamp() THEN status ELSE '${QuoteStatus.Expired}' END
      WHERE ${mayMoveTo(QuoteStatus.Expired)} AND held_at IS NOT NULL RETURNING status, expires_at AS "expiresAt"`);
  }

  /**
   * Stores a quote before it is sent. If the payment has a quote already, that one is the result, whatever its status
   * (contract 4.3), and `isNew` is false.
   *
   * @throws ContractError 422 QuoteMismatchError if the stored one was requested with other parameters
   */
  async saveQuote(
    draft: QuoteDraft,
    expiresAt?: Date,
    within?: EntityManager,
  ): Promise<{ quote: Quote; isNew: boolean }> {
    const createdAt = new Date();
    const until = expiresAt ?? new Date(createdAt.getTime() + QUOTE_LIFETIME_SECONDS * 1_000);
    const given = { ...draft, status: QuoteStatus.Reserved, createdAt, expiresAt: until };
    const { row, isNew } = await this.insertOrFind(given, within);
    if (isNew) return { quote: row, isNew };
    const quote = await this.findQuote(draft, within);
    if (!quote) throw new Error(`The quote of ${draft.paymentId} is gone`);
    assertAskedAlike(quote, draft);
    return { quote, isNew };
  }

  /** The quote with its current status: expired if its time is over and no transfer holds it. */
  async findQuote(key: QuoteKey, within?: EntityManager): Promise<Quote | null> {
    const [quote] = await this.select.within(within)(...keyOf(key));
    return quote ? currentQuote(quote) : null;
  }

  /** The quotes of both sides with their current status. */
  async findSides(paymentId: string): Promise<QuoteSides> {
    const quotes = (await this.selectSides(paymentId)).map(currentQuote);
    const ofSide = (side: QuoteSide) => quotes.find((quote) => quote.side === side) ?? null;
    return { [QuoteSide.Debit]: ofSide(QuoteSide.Debit), [QuoteSide.Credit]: ofSide(QuoteSide.Credit) };
  }

  /**
   * The last quote of a payer for a receiver or invoice URL, with its current status. If quotes were shown to the
   * payer, the last one shown.
   */
  async findLastQuote(
    { receiver, payerIdentifier }: { receiver: string; payerIdentifier: string },
    { isShown }: { isShown: boolean },
  ): Promise<Quote | null> {
    const [quote] = await (isShown ? this.selectLastShown : this.selectLast)(receiver, payerIdentifier);
    return quote ? currentQuote(quote) : null;
  }

  /** Records that the price was shown to the payer. */
  async markShown(key: QuoteKey): Promise<void> {
    await this.show(...keyOf(key));
  }

  /**
   * Numbers of reserved quotes of a requesting DFSP (null: of all DFSPs without a proven identity), in total and for
   * one customer.
   */
  async countOpenOf(
    askedBy: string | null,
    ownIdentifier: string,
    within?: EntityManager,
  ): Promise<{ all: number; ofCustomer: number }> {
    const [open] = await this.count.within(within)(askedBy, ownIdentifier);
    return open!;
  }

  /** Keeps a quote from expiring while its transfer is prepared. May be repeated. */
  holdQuote(key: QuoteKey, within?: EntityManager): Promise<QuoteOutcome> {
    return this.attempt(this.hold, key, within);
  }

  /**
   * Reserved → used, when the transfer is executed. One of several parallel calls returns `done`, the others the
   * reason.
   */
  useQuote(key: QuoteKey, within?: EntityManager): Promise<QuoteOutcome> {
    return this.attempt(this.use, key, within);
  }

  /**
   * Ends the hold of a quote whose transfer was rejected or expired: reserved again, or expired if its time is over.
   * @returns the new status; null if no transfer held it.
   */
  async endHold(key: QuoteKey, within?: EntityManager): Promise<Pick<Quote, 'status' | 'expiresAt'> | null> {
    const [quote] = await this.release.within(within)(...keyOf(key));
    return quote ?? null;
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

  private async attempt(move: HotQuery<object>, key: QuoteKey, within?: EntityManager): Promise<QuoteOutcome> {
    const [moved] = await move.within(within)(...keyOf(key));
    if (moved) return QuoteOutcome.Done;
    const quote = await this.findQuote(key, within);
    if (!quote) return QuoteOutcome.Unknown;
    return quote.status === QuoteStatus.Used ? QuoteOutcome.Used : QuoteOutcome.Expired;
  }
}

function insertQuote(statements: HotStatements) {
  return statements.tableOf(Quote).insertOrFind(GIVEN, ['paymentId', 'side']);
}

function currentQuote({ isOver, ...quote }: Quote & { isOver: boolean }): Quote {
  return isOver ? { ...quote, status: QuoteStatus.Expired } : quote;
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
