import { decodeIpr } from '@level-one/ilp';
import { type AmountUnit, formatAmount, unitAtScale } from '@level-one/money';
import type { PayIprDto, SetupResponseDto } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import type { Quote } from '@level-one/quote';
import { conditionHashOf } from '../../ledger/own-transfers.js';
import { answeredAmount } from '../../requests/amounts.js';
import type { PayableInvoice } from '../invoices/invoice-reader.js';
import { PAYMENT_TAKES_MS_MAX } from './new-payment.js';
import type { OutgoingPayment } from './outgoing-payment.entity.js';

/** The transfer of a payment, as it is sent. */
export interface PaymentOrder {
  /** After it no transfer of this payment can be prepared any more. */
  expiresAt: Date;
  /** Debited amount without the fee, in minor units. */
  amount: bigint;
  /** SHA-256 of the fulfilment, base64url. */
  conditionHash: string;
}

/**
 * Reads the answer to hop S.A. It must have the amount and the fee that the payer agreed to.
 * @throws ContractError 422 UnprocessableEntityError; 502 ExternalError
 */
export function orderOfSetup(
  setup: SetupResponseDto,
  payment: OutgoingPayment,
  invoice: PayableInvoice,
  own: AmountUnit,
): PaymentOrder {
  const expiresAt = new Date(setup?.expiresAt);
  if (setup?.id?.toLowerCase() !== payment.paymentId || Number.isNaN(expiresAt.getTime())) {
    throw commonError(CommonErrorId.External, { message: 'The setup belongs to another payment' });
  }
  if (answeredAmount(setup.destinationAmount, unitAtScale(invoice.scale)) !== invoice.amount) {
    throw commonError(CommonErrorId.UnprocessableEntity, { message: "The setup's amount is not the invoice's" });
  }
  const amount = answeredAmount(setup.sourceAmount, own);
  if (amount > payment.amount) {
    throw commonError(CommonErrorId.UnprocessableEntity, { message: 'The setup costs more than the payer was shown' });
  }
  const conditionHash = conditionHashOf(setup.execution_condition ?? setup.condition);
  if (conditionHash === undefined) {
    throw commonError(CommonErrorId.External, { message: 'The setup has no condition' });
  }
  return { expiresAt, amount, conditionHash };
}

/** The transfer of a quoted payment. */
export function orderOfQuote({ ipr, sourceExpiryDuration }: Quote, { amount }: OutgoingPayment): PaymentOrder {
  return {
    // The SPSP client sets the expiry when it gets the request, at the latest when the request times out.
    expiresAt: new Date(Date.now() + PAYMENT_TAKES_MS_MAX + sourceExpiryDuration! * 1_000),
    amount,
    conditionHash: decodeIpr(ipr!).condition.toString('base64url'),
  };
}

/** Body by which the scheme adapter is asked to send the transfer of a quote. */
export function quotedTransferOf(
  { paymentId, ipr, connectorAccount, sourceExpiryDuration }: Quote,
  { amount }: OutgoingPayment,
  sourceAccount: string,
  { scale }: Pick<AmountUnit, 'scale'>,
): PayIprDto {
  return {
    paymentId,
    ipr: ipr!,
    sourceAmount: formatAmount(amount, scale),
    sourceAccount,
    connectorAccount: connectorAccount!,
    sourceExpiryDuration: sourceExpiryDuration!,
  };
}
