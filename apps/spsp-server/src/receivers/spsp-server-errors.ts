import { type ContractError, errorsOf } from '@level-one/errors';

/** Ids that this role answers beside the common ones (contract 6.2). */
export enum SpspServerErrorId {
  InvalidReceiverId = 'InvalidReceiverIdError',
  InvoiceNotFound = 'InvoiceNotFoundError',
}

export const spspServerError = errorsOf<SpspServerErrorId>({
  [SpspServerErrorId.InvalidReceiverId]: { status: 404, message: 'Invalid receiver ID' },
  [SpspServerErrorId.InvoiceNotFound]: { status: 404, message: 'Invoice was not found' },
});

/** For `notFoundAs`. */
export function invalidReceiverId(cause?: unknown): ContractError {
  return spspServerError(SpspServerErrorId.InvalidReceiverId, { cause });
}

/** For `notFoundAs`. */
export function invoiceNotFound(cause?: unknown): ContractError {
  return spspServerError(SpspServerErrorId.InvoiceNotFound, { cause });
}
