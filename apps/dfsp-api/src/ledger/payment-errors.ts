import { ContractError, errorsOf } from '@level-one/errors';
import { toContractError } from '@level-one/platform';

/** Error ids of payments (contract 6.2). */
export enum PaymentErrorId {
  InsufficientFunds = 'InsufficientFundsError',
  Expired = 'ExpiredTransferError',
}

export const paymentError = errorsOf<PaymentErrorId>({
  [PaymentErrorId.InsufficientFunds]: { status: 422, message: 'Sender has insufficient funds.' },
  [PaymentErrorId.Expired]: { status: 422, message: 'The payment was not completed in time; no money has moved' },
});

/** The error with its payment's id as a further member, which becomes the trace id of the answer (ruling 37). */
export function errorOfPayment(thrown: unknown, paymentId: string): ContractError {
  const { status, id, message, extras, cause, retryAfterS } = toContractError(thrown);
  return new ContractError(status, id, message, { ...extras, paymentId }, cause, retryAfterS);
}

/** Does a part of a payment; what it throws has the payment's id. */
export async function withPaymentId<T>(paymentId: string, part: () => Promise<T>): Promise<T> {
  try {
    return await part();
  } catch (error) {
    throw errorOfPayment(error, paymentId);
  }
}
