import { parseTimestamp } from '@level-one/ilp';
import { type AmountUnit, formatAmount, unitAtScale } from '@level-one/money';
import type { PayIprDto, SetupResponseDto } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import type { Quote } from '@level-one/quote';
import { conditionHashOf } from '../../ledger/own-transfers.js';
import { answeredAmount } from '../../requests/amounts.js';
import type { PayableInvoice } from '../invoices/invoice-reader.js';
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
  const expiresAt = parseTimestamp(setup?.expiresAt);
  if (setup?.id?.toLowerCase() !== payment.paymentId || !expiresAt) {
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
