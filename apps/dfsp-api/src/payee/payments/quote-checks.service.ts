import { Injectable } from '@nestjs/common';
import {
  type Quote,
  type QuotedTransfer,
  quoteError,
  QuoteErrorId,
  quoteMismatch,
  QuoteRepository,
  refusalOf,
} from '@level-one/quote';
import { formatShortest } from '@level-one/money';

/** What is told of a transfer that comes for a quoted payment; amounts in minor units, the account as a URI. */
export interface ArrivingTransfer extends Partial<QuotedTransfer> {
  /** UUID in lower case. */
  transferId?: string | undefined;
  /** What left the ledger before, where connectors trade one to one. */
  sourceAmount?: bigint | undefined;
}

/** Whether transfers go with the quotes this DFSP gave (contract 5.4). */
@Injectable()
export class QuoteChecks {
  constructor(private readonly quotes: QuoteRepository) {}

  /** The quote this DFSP gave for a payment, if any, with its status of this moment. */
  findGivenQuote(paymentId: string): Promise<Quote | null> {
    return this.quotes.find({ paymentId, isDebit: false });
  }

  /**
   * The quote that a transfer goes with.
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
  const { transferId, sourceAmount, ...told } = transfer;
  const refusal = refusalOf(quote, told);
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
