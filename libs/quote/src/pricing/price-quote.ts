import { AmountType } from '../terms/amount-type.js';
import { QuoteRequestErrorId, quoteRequestError } from '../terms/quote-errors.js';

/** What a price follows from. Amounts in minor units of one currency. */
export interface PriceTerms {
  /** The amount that was asked for, more than zero. */
  amount: bigint;
  amountType: AmountType;
  /** P: what the payee's DFSP charges by its tariff. */
  payeeFee: bigint;
  /** C: what the payee's DFSP gives its agent; 0 where there is none. */
  payeeCommission: bigint;
  /** F: what the payer's DFSP charges; 0 where it is not known. Changes no other price. */
  payerFee: bigint;
  /** K: part of P that the payee's DFSP agreed not to charge, because the payer's DFSP has. Default 0. */
  payerFeeCredit?: bigint;
  /** Whether such credits count. Default true. */
  feeNetting?: boolean;
}

/** What a payment costs whom. Amounts in minor units, all of one currency. */
export interface PriceQuote {
  /** T: what crosses the network, and what the transfer has to be of. */
  transferAmount: bigint;
  /** What the payee's DFSP takes out of T. */
  charged: bigint;
  /** R: what stays with the payee, more than zero. */
  receiveAmount: bigint;
  /** P, as it goes over the wire; not what is charged. */
  payeeFee: bigint;
  /** C: paid by the payee's DFSP; changes neither T nor R. */
  payeeCommission: bigint;
  /** F: booked at the payer's DFSP, beside T. */
  payerFee: bigint;
  /** T + F: what the payer is debited. */
  payerTotal: bigint;
}

/**
 * The one rule for both types of amount: `charged = max(P − K, 0)`, or P without netting;
 * SEND: T = amount, R = amount − charged; RECEIVE: T = amount + charged, R = amount. What a payer's DFSP says of its own
 * fee is no part of it: whoever asks would choose his price by it.
 *
 * @throws ContractError 422 UnprocessableEntityError when nothing would be left for the payee
 * @throws RangeError for a negative fee, commission or credit, which no tariff gives
 */
export function priceQuote(terms: PriceTerms): PriceQuote {
  const { amount, amountType, payeeFee, payeeCommission, payerFee, payerFeeCredit = 0n, feeNetting = true } = terms;
  if (payeeFee < 0n || payeeCommission < 0n || payerFee < 0n || payerFeeCredit < 0n) {
    throw new RangeError('Fees, commissions and credits are not negative');
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
