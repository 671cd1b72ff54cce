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

/** What is known of a payment's transfer when it is sent. */
export interface PaymentOrder {
  /** After it no transfer of this payment can be prepared any more. */
  expiresAt: Date;
  /** What leaves the payer's account, fee apart, in minor units. */
  amount: bigint;
  /** SHA-256 of the fulfilment, base64url. */
  conditionHash: string;
}

/**
 * Reads the answer to hop S.A. The payer agreed to an amount and a fee; nothing else is paid.
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
    throw commonError(CommonErrorId.External, { message: 'The setup is not of this payment' });
  }
  if (answeredAmount(setup.destinationAmount, unitAtScale(invoice.scale)) !== invoice.amount) {
    throw commonError(CommonErrorId.UnprocessableEntity, { message: "The setup's amount is not the invoice's" });
  }
  const amount = answeredAmount(setup.sourceAmount, own);
  if (amount > payment.amount) {
    throw commonError(CommonErrorId.UnprocessableEntity, { message: 'The setup costs more than the payer was told' });
  }
  const conditionHash = conditionHashOf(setup.execution_condition ?? setup.condition);
  if (conditionHash === undefined) {
    throw commonError(CommonErrorId.External, { message: 'The setup has no condition' });
  }
  return { expiresAt, amount, conditionHash };
}

/** What was quoted is paid. */
export function orderOfQuote({ ipr, sourceExpiryDuration }: Quote, { amount }: OutgoingPayment): PaymentOrder {
  return {
    // The time of the transfer begins when the SPSP client hears of it, which is before this request is given up.
    expiresAt: new Date(Date.now() + PAYMENT_TAKES_MS_MAX + sourceExpiryDuration! * 1_000),
    amount,
    conditionHash: decodeIpr(ipr!).condition.toString('base64url'),
  };
}

/** The transfer of a quote, as the scheme adapter is asked for it. */
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
