import { AmountType } from '../terms/amount-type.js';
import { QuoteRequestErrorId, quoteRequestError } from '../terms/quote-errors.js';

/** Input of a price. Amounts in minor units of one currency. */
export interface PriceTerms {
  /** The requested amount, above zero. */
  amount: bigint;
  amountType: AmountType;
  /** P: fee of the payee's DFSP by its tariff. */
  payeeFee: bigint;
  /** C: commission that the payee's DFSP gives its agent, else 0. */
  payeeCommission: bigint;
  /** F: fee of the payer's DFSP; 0 if unknown. Changes no other price. */
  payerFee: bigint;
  /** K: part of P that the payee's DFSP does not charge, because by agreement the payer's DFSP has. Default 0. */
  payerFeeCredit?: bigint;
  /** Whether K applies. Default true. */
  feeNetting?: boolean;
}

/** Price of a payment. Amounts in minor units of one currency. */
export interface PriceQuote {
  /** T: amount of the transfer through the network. */
  transferAmount: bigint;
  /** Fee that the payee's DFSP deducts from T. */
  charged: bigint;
  /** R: amount that the payee keeps, above zero. */
  receiveAmount: bigint;
  /** P as sent to the payer's DFSP. What is deducted is `charged`. */
  payeeFee: bigint;
  /** C: paid by the payee's DFSP; changes neither T nor R. */
  payeeCommission: bigint;
  /** F: booked at the payer's DFSP beside T. */
  payerFee: bigint;
  /** T + F: debit of the payer. */
  payerTotal: bigint;
}

/**
 * Computes the price for both amount types. `charged = max(P − K, 0)`, or P without netting; SEND: T = amount, R =
 * amount − charged; RECEIVE: T = amount + charged, R = amount. The fee that a payer's DFSP states has no influence,
 * because otherwise it could choose its price.
 *
 * @throws ContractError 422 UnprocessableEntityError if nothing is left for the payee
 * @throws RangeError for a negative fee, commission or credit
 */
export function priceQuote(terms: PriceTerms): PriceQuote {
  const { amount, amountType, payeeFee, payeeCommission, payerFee, payerFeeCredit = 0n, feeNetting = true } = terms;
  if (payeeFee < 0n || payeeCommission < 0n || payerFee < 0n || payerFeeCredit < 0n) {
    throw new RangeError('Fees, commissions and credits must not be negative');
  }
  const credited = feeNetting ? payerFeeCredit : 0n;
  const charged = payeeFee > credited ? payeeFee - credited : 0n;
  const isSend = amountType === AmountType.Send;
  const transferAmount = isSend ? amount : amount + charged;
  const receiveAmount = isSend ? amount - charged : amount;
  if (receiveAmount <= 0n) {
    throw quoteRequestError(QuoteRequestErrorId.UnprocessableEntity, { message: 'Amount does not cover the fee' });
  }
  return {
    transferAmount,
    charged,
    receiveAmount,
    payeeFee,
    payeeCommission,
    payerFee,
    payerTotal: transferAmount + payerFee,
  };
}
