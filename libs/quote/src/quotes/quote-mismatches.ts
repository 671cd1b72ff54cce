import type { ContractError } from '@level-one/errors';
import { formatShortest } from '@level-one/money';
import { QuoteErrorId, quoteError } from '../terms/quote-errors.js';
import { QuoteStatus } from '../terms/quote-status.js';
import { partiesOf, type Quote } from './quote.entity.js';
import type { TransferType } from '../terms/transfer-type.js';

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

/** Where a transfer differs from its quote (contract 5.4); its amount has to be T (D24). */
export function mismatchesOf(quote: Quote, transfer: Partial<QuotedTransfer>): QuoteMismatch[] {
  const { payerIdentifier, payeeIdentifier } = partiesOf(quote);
  const { transferAmount: amount, currency, destinationAccount, transferType, invoiceId } = quote;
  const expected = { amount, currency, destinationAccount, transferType, invoiceId, payerIdentifier, payeeIdentifier };
  const { invoiceId: _named, ...unnamed } = transfer;
  return differences(expected, invoiceId === null ? unnamed : transfer, quote.scale);
}

/**
 * Why a transfer does not go with its quote (contract 5.4); undefined when it does. The status of the quote has to be that
 * of the moment, as the repository tells it. For flows that need a quote: others do without.
 */
export function refusalOf(
  quote: Quote | null,
  transfer: Partial<QuotedTransfer>,
): ContractError<QuoteErrorId> | undefined {
  if (!quote) return quoteError(QuoteErrorId.NotFound);
  if (quote.status === QuoteStatus.Used) return quoteError(QuoteErrorId.Used);
  if (quote.status === QuoteStatus.Expired) return quoteError(QuoteErrorId.Expired);
  const mismatches = mismatchesOf(quote, transfer);
  return mismatches.length === 0 ? undefined : quoteMismatch(mismatches);
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
