import { errorsOf } from '@level-one/errors';

/** Error ids of the Five Bells ledger API (contract 6.1). */
export enum TransferErrorCode {
  InvalidUriParameter = 'InvalidUriParameterError',
  InvalidBody = 'InvalidBodyError',
  InvalidModification = 'InvalidModificationError',
  Unauthorized = 'Unauthorized',
  Forbidden = 'UnauthorizedError',
  NotFound = 'NotFoundError',
  TransferNotFound = 'TransferNotFoundError',
  MissingFulfillment = 'MissingFulfillmentError',
  PayloadTooLarge = 'PayloadTooLargeError',
  UnprocessableEntity = 'UnprocessableEntityError',
  InsufficientFunds = 'InsufficientFundsError',
  AlreadyExists = 'AlreadyExistsError',
  RecordExists = 'RecordExistsError',
  AlreadyRolledBack = 'AlreadyRolledBackError',
  ExpiredTransfer = 'ExpiredTransferError',
  TransferNotConditional = 'TransferNotConditionalError',
  UnmetCondition = 'UnmetConditionError',
  UnsupportedCryptoCondition = 'UnsupportedCryptoConditionError',
  NoSubscriptions = 'NoSubscriptionsError',
  ServiceUnavailable = 'ServiceUnavailableError',
}

/** Creates an error of the ledger API, by default with the canonical message. */
export const transferError = errorsOf<TransferErrorCode>({
  [TransferErrorCode.InvalidUriParameter]: { status: 400, message: 'id is not a valid Uuid' },
  [TransferErrorCode.InvalidBody]: { status: 400, message: 'Body did not match schema Transfer' },
  [TransferErrorCode.InvalidModification]: { status: 400, message: 'Transfer may not be modified in this way' },
  [TransferErrorCode.Unauthorized]: { status: 401, message: 'Unauthorized' },
  [TransferErrorCode.Forbidden]: {
    status: 403,
    message: 'You do not have permissions to access this resource',
  },
  [TransferErrorCode.NotFound]: { status: 404, message: 'Unknown transfer' },
  [TransferErrorCode.TransferNotFound]: { status: 404, message: 'This transfer does not exist' },
  [TransferErrorCode.MissingFulfillment]: { status: 404, message: 'This transfer has not yet been fulfilled' },
  [TransferErrorCode.PayloadTooLarge]: { status: 413, message: 'The body is larger than this route takes' },
  [TransferErrorCode.UnprocessableEntity]: { status: 422, message: 'The request is well formed but not allowed' },
  [TransferErrorCode.InsufficientFunds]: { status: 422, message: 'Sender has insufficient funds.' },
  [TransferErrorCode.AlreadyExists]: { status: 422, message: "Can't modify transfer after execution." },
  [TransferErrorCode.RecordExists]: { status: 422, message: 'The account has already been registered' },
  [TransferErrorCode.AlreadyRolledBack]: { status: 422, message: 'This transfer has already been rejected' },
  [TransferErrorCode.ExpiredTransfer]: { status: 422, message: 'Cannot modify transfer after expires_at date' },
  [TransferErrorCode.TransferNotConditional]: { status: 422, message: 'Transfer is not conditional' },
  [TransferErrorCode.UnmetCondition]: { status: 422, message: 'Fulfillment does not match any condition' },
  [TransferErrorCode.UnsupportedCryptoCondition]: { status: 422, message: 'This type of condition is not supported' },
  [TransferErrorCode.NoSubscriptions]: { status: 422, message: 'Destination account could not be reached' },
  [TransferErrorCode.ServiceUnavailable]: { status: 503, message: 'The ledger is busy, try again shortly' },
});
