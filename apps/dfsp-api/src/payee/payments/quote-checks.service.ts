import { Injectable } from '@nestjs/common';
import {
  type Quote,
  type QuotedTransfer,
  quoteError,
  QuoteErrorId,
  quoteMismatch,
  QuoteRepository,
  QuoteSide,
  refusalOf,
} from '@level-one/quote';
import { formatShortest } from '@level-one/money';

/** A transfer that arrives for a quoted payment; amounts in minor units, the account as a URI. */
export interface ArrivingTransfer extends Partial<QuotedTransfer> {
  /** UUID in lower case. */
  transferId?: string | undefined;
  /** Amount of the transfer on the previous ledger, in minor units here; only if connectors trade one to one. */
  sourceAmount?: bigint | undefined;
}

/** Compares transfers with the quotes that this DFSP gave (contract 5.4). */
@Injectable()
export class QuoteChecks {
  constructor(private readonly quotes: QuoteRepository) {}

  /** The quote that this DFSP gave for a payment, with its present status; null if there is none. */
  findGivenQuote(paymentId: string): Promise<Quote | null> {
    return this.quotes.findQuote({ paymentId, side: QuoteSide.Credit });
  }

  /**
   * The quote that a transfer matches.
   * @throws ContractError 404 QuoteNotFoundError; 422 QuoteExpiredError, QuoteUsedError, QuoteMismatchError
   */
  async assertFits(paymentId: string, transfer: ArrivingTransfer): Promise<Quote> {
    const quote = await this.findGivenQuote(paymentId);
    assertGoesWith(quote, paymentId, transfer);
    return quote;
  }
}

/** @throws ContractError as {@link QuoteChecks.assertFits} */
export function assertGoesWith(
  quote: Quote | null,
  paymentId: string,
  transfer: ArrivingTransfer,
): asserts quote is Quote {
  const { transferId, sourceAmount, ...given } = transfer;
  const refusal = refusalOf(quote, given);
  if (refusal) throw refusal;
  // A quote is reserved for the one transfer that has its id.
  if (transferId !== undefined && transferId !== paymentId) throw quoteError(QuoteErrorId.NotFound);
  assertSourceFits(quote!, sourceAmount);
}

function assertSourceFits({ transferAmount, scale }: Quote, sourceAmount: bigint | undefined): void {
  if (sourceAmount === undefined || sourceAmount === transferAmount) return;
  const print = (amount: bigint): string => formatShortest(amount, scale);
  throw quoteMismatch([{ field: 'sourceAmount', expected: print(transferAmount), actual: print(sourceAmount) }]);
}
