import { CommonErrorId, commonError, isContractUuid, uuidRange } from '@level-one/platform';
import type { ListPaymentsQueryDto, PaymentViewDto, ShownPaymentDto } from './payments.dto.js';

/** A party of a payment, as a DFSP API names it. */
export interface PartyJson {
  identifier?: string;
  name?: string;
  account?: string;
}

/** What a DFSP API says of a payment, as far as it is used here. */
export interface RecordJson {
  paymentId: string;
  side: string;
  state: string;
  amount: string;
  fee?: string;
  currency: string;
  customer: PartyJson;
  counterpart?: PartyJson;
  createdAt: string;
  endedAt?: string;
  invoice?: { invoiceId: string };
  transfers?: { ledger: string; id: string; uri: string }[];
  payeeSide?: RecordJson;
}

/**
 * A record with what every list needs. A DFSP API may be any system: one record without it must not fail the lists of all
 * the others.
 * @throws ContractError 502 ExternalError
 */
export function readRecord(record: RecordJson): RecordJson {
  const { paymentId, createdAt, side, customer } = record;
  const isSound = isContractUuid(paymentId) && isTime(createdAt) && typeof side === 'string' && Boolean(customer);
  if (isSound) return record;
  const id = isContractUuid(paymentId) ? paymentId : 'unknown';
  const message = `It answers a payment without a sound paymentId, createdAt, side or customer: ${id}`;
  throw commonError(CommonErrorId.External, { message });
}

function isTime(text: unknown): boolean {
  return typeof text === 'string' && !Number.isNaN(Date.parse(text));
}

/** What one DFSP says of a payment. */
export interface FoundView {
  dfsp: string;
  entry: RecordJson;
}

/** A filter of a DFSP API's list. */
export interface SearchedField {
  field: 'invoice' | 'party' | 'amount' | 'payment' | 'account';
  value: string;
}

/**
 * What a text looks for. Eight digits are a number of payer or payee, not the beginning of an id; an amount has its decimals,
 * and may have the spaces and the currency with which it is shown.
 */
export function searchOf(text: string): SearchedField {
  const value = bare(text);
  if (isWholeId(value) || /^https?:/i.test(value)) return { field: 'invoice', value };
  const number = value.replaceAll(/^\+|\s/g, '');
  if (/^\d+$/.test(number)) return { field: 'party', value: number };
  const amount = amountIn(value);
  if (amount !== undefined) return { field: 'amount', value: amount };
  return uuidRange(value) ? { field: 'payment', value: value.toLowerCase() } : { field: 'account', value };
}

/** Without what stands around a word that is copied out of a sentence or a record. */
const bare = (text: string): string =>
  text
    .trim()
    .replaceAll(/^["'“”‘’({[<]+|["'“”‘’)}\]>.,;:…]+$/g, '')
    .trim();

/** `1 000.50 USD`, `$1,000.50` and `1000,50` as `1000.50`; undefined for what is no amount with decimals. */
function amountIn(text: string): string | undefined {
  const figures = text.replaceAll(/^(?:[A-Z]{3}|\p{Sc})(?=[\s\d])|\p{Sc}$|(?<=[\s\d])[A-Z]{3}$|\s/giu, '');
  const amount = figures.includes('.') ? figures.replaceAll(',', '') : figures.replace(',', '.');
  return /^\d+\.\d+$/.test(amount) ? amount : undefined;
}

const isWholeId = (text: string): boolean => isContractUuid(text);

/** What a query looks for, by its id or its text. */
export function searchOfQuery({
  payment,
  text,
}: Pick<ListPaymentsQueryDto, 'payment' | 'text'>): SearchedField | undefined {
  if (payment !== undefined) return { field: 'payment', value: payment.toLowerCase() };
  return text === undefined || text.trim() === '' ? undefined : searchOf(text);
}

/**
 * Whether the list of a DFSP API that is filtered so has a record.
 * @param ownNumbersOnly DFSPs whose API finds numbers of its own customers only
 */
export function isListed(
  { dfsp, entry }: FoundView,
  query: ListPaymentsQueryDto,
  ownNumbersOnly: ReadonlySet<string>,
): boolean {
  const { state, from, to } = query;
  const search = searchOfQuery(query);
  const at = Date.parse(entry.createdAt);
  return (
    (query.dfsp === undefined || dfsp === query.dfsp) &&
    (state === undefined || entry.state === state) &&
    (from === undefined || at >= Date.parse(from)) &&
    (to === undefined || at < Date.parse(to)) &&
    (search === undefined || isFound(entry, search, ownNumbersOnly.has(dfsp)))
  );
}

function isFound(
  { paymentId, customer, counterpart, invoice, amount }: RecordJson,
  { field, value }: SearchedField,
  ownNumbersOnly: boolean,
): boolean {
  const last = value.split('/').at(-1)!;
  switch (field) {
    case 'invoice':
      return invoice?.invoiceId.toLowerCase() === last.toLowerCase();
    case 'party':
      return customer.identifier === value || (!ownNumbersOnly && counterpart?.identifier === value);
    case 'amount':
      return Number(amount) === Number(value);
    case 'payment':
      return paymentId.toLowerCase().startsWith(value);
    default:
      return customer.account === last || customer.account === last.toLowerCase();
  }
}

/** The payer's view first, then by DFSP: the same order whoever asks, and when. */
function inOrder(views: readonly FoundView[]): FoundView[] {
  const rank = ({ entry }: FoundView) => (entry.side === 'debit' ? 0 : 1);
  return views.toSorted((a, b) => rank(a) - rank(b) || a.dfsp.localeCompare(b.dfsp));
}

const isSame = (one: FoundView, other: FoundView) => one.dfsp === other.dfsp && one.entry.side === other.entry.side;

/**
 * Whether a payment stands in the lists where this view does. It has one place, however many of its views are listed,
 * and on whatever pages.
 */
export function isPlaceOf(
  view: FoundView,
  views: readonly FoundView[],
  query: ListPaymentsQueryDto,
  ownNumbersOnly: ReadonlySet<string>,
): boolean {
  const place = inOrder(views).find((one) => isListed(one, query, ownNumbersOnly) || isSame(one, view));
  return place !== undefined && isSame(place, view);
}

/** One payment of all its views; undefined for none. */
export function paymentOf(found: readonly FoundView[]): ShownPaymentDto | undefined {
  const ordered = inOrder(found).filter((view, at, all) => all.findIndex((one) => isSame(one, view)) === at);
  const [first] = ordered;
  if (!first) return undefined;
  const { paymentId, state, createdAt } = first.entry;
  const views = ordered.map(({ dfsp, entry }): PaymentViewDto => {
    const { payeeSide: _, ...record } = entry;
    const { side, amount, currency } = entry;
    return { dfsp, side, state: entry.state, amount, currency, record };
  });
  return { paymentId, state, createdAt, views };
}
