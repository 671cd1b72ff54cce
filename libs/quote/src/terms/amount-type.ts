import { QuoteRequestErrorId, quoteRequestError } from './quote-errors.js';

/** What the amount of a quote request says (contract 2.8). */
export enum AmountType {
  /** What leaves the payer's DFSP; the payee bears the payee's fee. */
  Send = 'SEND',
  /** What the payee is to have; the payer bears the payee's fee. */
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
  return text.slice(0, 32);
}
