import { errorsOf } from '@level-one/errors';

/** Error ids of payments (contract 6.2). */
export enum PaymentErrorId {
  InsufficientFunds = 'InsufficientFundsError',
  Expired = 'ExpiredTransferError',
}

export const paymentError = errorsOf<PaymentErrorId>({
  [PaymentErrorId.InsufficientFunds]: { status: 422, message: 'Sender has insufficient funds.' },
  [PaymentErrorId.Expired]: { status: 422, message: 'The payment was not completed in time; no money has moved' },
});
