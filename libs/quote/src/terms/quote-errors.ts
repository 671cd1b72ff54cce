import { errorsOf } from '@level-one/errors';

/** Reasons why a transfer does not match its quote (contract 5.4). */
export enum QuoteErrorId {
  NotFound = 'QuoteNotFoundError',
  Expired = 'QuoteExpiredError',
  Mismatch = 'QuoteMismatchError',
  Used = 'QuoteUsedError',
}

/** The errors of 5.4 and 6.2. */
export const quoteError = errorsOf<QuoteErrorId>({
  [QuoteErrorId.NotFound]: { status: 404, message: 'Quote was not found' },
  [QuoteErrorId.Expired]: { status: 422, message: 'Quote has expired' },
  [QuoteErrorId.Mismatch]: { status: 422, message: 'Parameters differ from those of the quote' },
  [QuoteErrorId.Used]: { status: 422, message: 'Quote was already used by another transfer' },
});

/** Reasons why a quote is refused (contract 5.2, 6.2). */
export enum QuoteRequestErrorId {
  IncorrectAmountType = 'IncorrectAmountTypeError',
  UnprocessableEntity = 'UnprocessableEntityError',
}

export const quoteRequestError = errorsOf<QuoteRequestErrorId>({
  [QuoteRequestErrorId.IncorrectAmountType]: {
    status: 400,
    message: 'Incorrect amount type. Amount type should be either [SEND] or [RECEIVE]',
  },
  [QuoteRequestErrorId.UnprocessableEntity]: { status: 422, message: 'The request is well formed but not allowed' },
});
