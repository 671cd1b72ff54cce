import { type ContractError, errorsOf } from '@level-one/errors';

/** Ids that this role answers beside the common ones (contract 6.2). */
export enum SpspClientErrorId {
  InvalidReceiverId = 'InvalidReceiverIdError',
  InvoiceNotFound = 'InvoiceNotFoundError',
  UserNotFound = 'UserNotFound',
  ExpiredTransfer = 'ExpiredTransferError',
  UnacceptableRate = 'UnacceptableRateError',
  NoAmountSpecified = 'NoAmountSpecifiedError',
  InvalidAmountSpecified = 'InvalidAmountSpecifiedError',
  UnacceptableAmount = 'UnacceptableAmountError',
}

export const spspClientError = errorsOf<SpspClientErrorId>({
  [SpspClientErrorId.InvalidReceiverId]: { status: 404, message: 'Invalid receiver ID' },
  [SpspClientErrorId.InvoiceNotFound]: { status: 404, message: 'Invoice was not found' },
  [SpspClientErrorId.UserNotFound]: { status: 404, message: 'User not found' },
  [SpspClientErrorId.ExpiredTransfer]: { status: 422, message: 'Cannot modify transfer after expires_at date' },
  [SpspClientErrorId.UnacceptableRate]: {
    status: 422,
    message: 'Payment rate does not match the rate currently offered',
  },
  [SpspClientErrorId.NoAmountSpecified]: { status: 400, message: 'Exactly one amount must be specified' },
  [SpspClientErrorId.InvalidAmountSpecified]: { status: 400, message: 'The amount must be finite and positive' },
  [SpspClientErrorId.UnacceptableAmount]: {
    status: 422,
    message: "The amount does not fit into the ledger's precision",
  },
});

/** For `notFoundAs`. */
export function invalidReceiverId(cause?: unknown): ContractError {
  return spspClientError(SpspClientErrorId.InvalidReceiverId, { cause });
}

/** For `notFoundAs`. */
export function invoiceNotFound(cause?: unknown): ContractError {
  return spspClientError(SpspClientErrorId.InvoiceNotFound, { cause });
}
