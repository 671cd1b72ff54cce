import { type Quote, type QuotedTransfer, quoteError, QuoteErrorId, quoteMismatch, refusalOf } from '@level-one/quote';
import { formatShortest } from '@level-one/money';

/** A transfer that arrives for a quoted payment; amounts in minor units, the account as a URI. */
export interface ArrivingTransfer extends Partial<QuotedTransfer> {
  /** UUID in lower case. */
  transferId?: string | undefined;
  /** Amount of the transfer on the previous ledger, in minor units here; only if connectors trade one to one. */
  sourceAmount?: bigint | undefined;
}

/**
 * Compares a transfer with the quote that this DFSP gave for its payment (contract 5.4).
 * @throws ContractError 404 QuoteNotFoundError; 422 QuoteExpiredError, QuoteUsedError, QuoteMismatchError
 */
export function assertGoesWith(
  quote: Quote | null,
  paymentId: string,
  transfer: ArrivingTransfer,
): asserts quote is Quote {
  const { transferId, sourceAmount, ...given } = transfer;
  const refusal = refusalOf(quote, given);
  if (refusal) throw refusal;
  // A quote is reserved for the one transfer that has its id; while that is under way it is as good as used.
  if (transferId !== undefined && transferId !== paymentId) {
    throw quoteError(quote!.heldAt === null ? QuoteErrorId.NotFound : QuoteErrorId.Used);
  }
  assertSourceFits(quote!, sourceAmount);
}

function assertSourceFits({ transferAmount, scale }: Quote, sourceAmount: bigint | undefined): void {
  if (sourceAmount === undefined || sourceAmount === transferAmount) return;
  const print = (amount: bigint): string => formatShortest(amount, scale);
  throw quoteMismatch([{ field: 'sourceAmount', expected: print(transferAmount), actual: print(sourceAmount) }]);
}
