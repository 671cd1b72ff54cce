import { type ErrorDefinition, errorsOf } from '@level-one/errors';
import type { IlpErrorCode } from '@level-one/ilp';

/** Why a transfer does not go with its quote (contract 5.4). */
export enum QuoteErrorId {
  NotFound = 'QuoteNotFoundError',
  Expired = 'QuoteExpiredError',
  Mismatch = 'QuoteMismatchError',
  Used = 'QuoteUsedError',
}

/** An error over HTTP, and the code with which a transfer is rejected for it. */
export interface QuoteErrorDefinition extends ErrorDefinition {
  code: IlpErrorCode;
}

/**
 * The errors of 5.4 and 6.2. The code of a mismatch is that of any field but the amount; `mismatchCode` knows which one
 * it is.
 */
export const QUOTE_ERRORS: Readonly<Record<QuoteErrorId, QuoteErrorDefinition>> = {
  [QuoteErrorId.NotFound]: { status: 404, message: 'Quote was not found', code: 'F06' },
  [QuoteErrorId.Expired]: { status: 422, message: 'Quote has expired', code: 'R00' },
  [QuoteErrorId.Mismatch]: { status: 422, message: 'Parameters differ from those of the quote', code: 'F06' },
  [QuoteErrorId.Used]: { status: 422, message: 'Quote was already used by another transfer', code: 'F06' },
};

export const quoteError = errorsOf<QuoteErrorId>(QUOTE_ERRORS);

/** Why no quote is given (contract 5.2, 6.2). */
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
