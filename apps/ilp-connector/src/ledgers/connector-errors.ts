import { type ContractError, errorsOf } from '@level-one/errors';
import { CommonErrorId, commonError } from '@level-one/platform';

/** Errors of a connector (row 25, contract 6.2). */
export enum ConnectorErrorId {
  InvalidUriParameter = 'InvalidUriParameterError',
  NoAmountSpecified = 'NoAmountSpecifiedError',
  InvalidAmountSpecified = 'InvalidAmountSpecifiedError',
  UnacceptableAmount = 'UnacceptableAmountError',
  UnacceptableExpiry = 'UnacceptableExpiryError',
  UnacceptableRate = 'UnacceptableRateError',
  AssetsNotTraded = 'AssetsNotTradedError',
  LedgerNotConnected = 'LedgerNotConnectedError',
}

export const connectorError = errorsOf<ConnectorErrorId>({
  [ConnectorErrorId.InvalidUriParameter]: { status: 400, message: 'A parameter of the URL is missing or malformed' },
  [ConnectorErrorId.NoAmountSpecified]: {
    status: 400,
    message: 'Exactly one of source_amount or destination_amount must be specified',
  },
  [ConnectorErrorId.InvalidAmountSpecified]: { status: 400, message: 'The amount must be finite and positive' },
  [ConnectorErrorId.UnacceptableAmount]: { status: 422, message: 'The connector does not forward this amount' },
  [ConnectorErrorId.UnacceptableExpiry]: { status: 422, message: 'The connector does not hold money for this long' },
  [ConnectorErrorId.UnacceptableRate]: {
    status: 422,
    message: 'Payment rate does not match the rate currently offered',
  },
  [ConnectorErrorId.AssetsNotTraded]: { status: 422, message: 'This connector does not support the given asset pair' },
  [ConnectorErrorId.LedgerNotConnected]: { status: 422, message: 'No connection to a ledger of this route' },
});

const TRY_AGAIN_S = 1;

/** 503 for what passes by itself: a ledger, another connector or the rate is not there yet. The caller tries again. */
export function notConnectedYet(message: string, cause?: unknown): ContractError {
  return commonError(CommonErrorId.ServiceUnavailable, { message, retryAfterS: TRY_AGAIN_S, cause });
}
