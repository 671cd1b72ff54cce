import type { ContractError } from '@level-one/errors';
import { formatShortest } from '@level-one/money';
import { QuoteErrorId, quoteError } from '../terms/quote-errors.js';
import { QuoteStatus } from '../terms/quote-status.js';
import { partiesOf, type Quote } from './quote.entity.js';
import type { TransferType } from '../terms/transfer-type.js';

/** The members of a transfer that are compared with its quote. Absent members are not compared. */
export interface QuotedTransfer {
  /** Minor units. */
  amount: bigint;
  /** ISO-4217 alpha-3. */
  currency: string;
  /** In the same form as in the quote. */
  destinationAccount: string;
  transferType?: TransferType;
  /** Null if the transfer is for no invoice. Compared if the quote is for one; UUIDs in lower case. */
  invoiceId?: string | null;
  payerIdentifier?: string;
  payeeIdentifier?: string;
}

/** One entry of the error's `params`; amounts in their shortest form. */
export interface QuoteMismatch<Field extends string = keyof QuotedTransfer> {
  field: Field;
  expected: string | null;
  actual: string | null;
}

/** Members in which a transfer differs from its quote (contract 5.4). Its amount must be T (D24). */
export function mismatchesOf(quote: Quote, transfer: Partial<QuotedTransfer>): QuoteMismatch[] {
  const { payerIdentifier, payeeIdentifier } = partiesOf(quote);
  const { transferAmount: amount, currency, destinationAccount, transferType, invoiceId } = quote;
  const expected = { amount, currency, destinationAccount, transferType, invoiceId, payerIdentifier, payeeIdentifier };
  const { invoiceId: _named, ...unnamed } = transfer;
  return differences(expected, invoiceId === null ? unnamed : transfer, quote.scale);
}

/**
 * The error if a transfer does not match its quote (contract 5.4), else undefined. For flows that need a quote. The
 * quote must have its current status, as `QuoteRepository` returns it.
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

/** 422 QuoteMismatchError with the differences. */
export function quoteMismatch(mismatches: readonly QuoteMismatch<string>[]): ContractError<QuoteErrorId> {
  return quoteError(QuoteErrorId.Mismatch, { extras: { params: mismatches } });
}

/** Members with different values; members absent from `actual` are not compared. */
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
