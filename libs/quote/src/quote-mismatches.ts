import type { ContractError } from '@level-one/errors';
import type { IlpErrorCode } from '@level-one/ilp';
import { formatShortest } from '@level-one/money';
import { QUOTE_ERRORS, QuoteErrorId, quoteError } from './quote-errors.js';
import { QuoteStatus } from './quote-status.js';
import { partiesOf, type Quote } from './quote.entity.js';
import type { TransferType } from './transfer-type.js';

/** What a transfer says of itself. What is not told on the way it came is not compared. */
export interface QuotedTransfer {
  /** Minor units. */
  amount: bigint;
  /** ISO-4217 alpha-3. */
  currency: string;
  /** In the form in which the quote has it. */
  destinationAccount: string;
  transferType?: TransferType;
  /** Null when it is for none. Compared where the quote is of an invoice; UUIDs in lower case. */
  invoiceId?: string | null;
  payerIdentifier?: string;
  payeeIdentifier?: string;
}

/** One member of the error's `params`; amounts in their shortest form. */
export interface QuoteMismatch<Field extends string = keyof QuotedTransfer> {
  field: Field;
  expected: string | null;
  actual: string | null;
}

/** With which code a transfer is rejected for which difference (contract 5.4). */
const CODES: Readonly<Record<keyof QuotedTransfer, IlpErrorCode>> = {
  amount: 'F03',
  currency: QUOTE_ERRORS[QuoteErrorId.Mismatch].code,
  destinationAccount: QUOTE_ERRORS[QuoteErrorId.Mismatch].code,
  transferType: QUOTE_ERRORS[QuoteErrorId.Mismatch].code,
  invoiceId: QUOTE_ERRORS[QuoteErrorId.Mismatch].code,
  payerIdentifier: QUOTE_ERRORS[QuoteErrorId.Mismatch].code,
  payeeIdentifier: QUOTE_ERRORS[QuoteErrorId.Mismatch].code,
};

/** Where a transfer differs from its quote (contract 5.4); its amount has to be T (D24). */
export function mismatchesOf(quote: Quote, transfer: Partial<QuotedTransfer>): QuoteMismatch[] {
  const { payerIdentifier, payeeIdentifier } = partiesOf(quote);
  const { transferAmount: amount, currency, destinationAccount, transferType, invoiceId } = quote;
  const expected = { amount, currency, destinationAccount, transferType, invoiceId, payerIdentifier, payeeIdentifier };
  const { invoiceId: _named, ...unnamed } = transfer;
  return differences(expected, invoiceId === null ? unnamed : transfer, quote.scale);
}

/** The code for a set of differences: that of the amount, where it is among them. */
export function mismatchCode(mismatches: readonly Pick<QuoteMismatch, 'field'>[]): IlpErrorCode {
  const codes = mismatches.map(({ field }) => CODES[field]);
  return codes.find((code) => code === CODES.amount) ?? codes[0] ?? QUOTE_ERRORS[QuoteErrorId.Mismatch].code;
}

/** Why a transfer is refused: the error over HTTP, and the code of its rejection. */
export interface QuoteRefusal {
  error: ContractError<QuoteErrorId>;
  code: IlpErrorCode;
}

/**
 * Whether a transfer goes with its quote (contract 5.4); undefined when it does. The status of the quote has to be that
 * of the moment, as the repository tells it. For flows that need a quote: others do without.
 */
export function refusalOf(quote: Quote | null, transfer: Partial<QuotedTransfer>): QuoteRefusal | undefined {
  if (!quote) return refusal(QuoteErrorId.NotFound);
  if (quote.status === QuoteStatus.Used) return refusal(QuoteErrorId.Used);
  if (quote.status === QuoteStatus.Expired) return refusal(QuoteErrorId.Expired);
  const mismatches = mismatchesOf(quote, transfer);
  if (mismatches.length === 0) return undefined;
  return { error: quoteMismatch(mismatches), code: mismatchCode(mismatches) };
}

/** 422 QuoteMismatchError with what differs. */
export function quoteMismatch(mismatches: readonly QuoteMismatch<string>[]): ContractError<QuoteErrorId> {
  return quoteError(QuoteErrorId.Mismatch, { extras: { params: mismatches } });
}

/** Where two say different things; what `actual` does not say is not compared. */
export function differences<Field extends string>(
  expected: Readonly<Record<Field, string | bigint | null>>,
  actual: Readonly<Partial<Record<Field, string | bigint | null>>>,
  scale: number,
): QuoteMismatch<Field>[] {
  const print = (value: string | bigint | null): string | null =>
    typeof value === 'bigint' ? formatShortest(value, scale) : value;
  return (Object.keys(expected) as Field[]).flatMap((field) => {
    const value = actual[field];
    if (value === undefined || value === expected[field]) return [];
    return [{ field, expected: print(expected[field]), actual: print(value) }];
  });
}

function refusal(id: QuoteErrorId): QuoteRefusal {
  return { error: quoteError(id), code: QUOTE_ERRORS[id].code };
}
