import { cutText } from '@level-one/errors';
import { QuoteRequestErrorId, quoteRequestError } from './quote-errors.js';

/** Meaning of the amount in a quote request (contract 2.8). */
export enum AmountType {
  /** Amount that leaves the payer's DFSP; the payee bears the payee's fee. */
  Send = 'SEND',
  /** Amount that the payee receives; the payer bears the payee's fee. */
  Receive = 'RECEIVE',
}

/** @throws ContractError 400 IncorrectAmountTypeError */
export function parseAmountType(value: unknown): AmountType {
  if (value === AmountType.Send || value === AmountType.Receive) return value;
  throw quoteRequestError(QuoteRequestErrorId.IncorrectAmountType, {
    message: `Incorrect amount type: ${printable(value)}. Amount type should be either [SEND] or [RECEIVE]`,
  });
}

function printable(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return cutText(text, 32);
}
