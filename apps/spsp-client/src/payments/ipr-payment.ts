import { type AmountUnit, formatAmount } from '@level-one/money';
import { type IprContent, IprError, readIpr } from '@level-one/ilp';
import { amountField, invalidIpr, requestFingerprint, secondsField, textField, uuidField } from '@level-one/peers';
import { commonError, CommonErrorId, givenAmount } from '@level-one/platform';
import type { PaymentDetails } from './store/payment.entity.js';

const IPR_LENGTH_MAX = 44_000;

/** Amount to pay for a payment request, and the accounts (contract 3.8, payIPR). */
export interface IprOrder {
  ipr: IprContent;
  /** Minor units. */
  sourceAmount: bigint;
  sourceAccount: string;
  connectorAccount: string;
  /** Seconds. */
  sourceExpiryDuration: number;
  /** The same content under the same id is the same payment. */
  fingerprint: string;
}

/** @throws ContractError 400 "ipr (…) contains invalid base64url." (N100) */
export function iprIn(text: string): IprContent {
  try {
    return readIpr(text);
  } catch (error) {
    if (error instanceof IprError) throw invalidIpr(text, error);
    throw error;
  }
}

/** Reads the body of payIPR; `holdMaxS` is the longest that money may be held. @throws ContractError 400, 422 */
export function readIprOrder(
  body: Readonly<Record<string, unknown>>,
  { unit, holdMaxS }: { unit: AmountUnit; holdMaxS: number },
): IprOrder {
  const text = textField(body, 'ipr', IPR_LENGTH_MAX);
  const sourceAmount = givenAmount(amountField(body, 'sourceAmount'), unit);
  const sourceAccount = textField(body, 'sourceAccount');
  const connectorAccount = textField(body, 'connectorAccount');
  const sourceExpiryDuration = secondsField(body, 'sourceExpiryDuration', holdMaxS);
  const ipr = iprIn(text);
  if (body['paymentId'] !== undefined && uuidField(body, 'paymentId') !== ipr.paymentId) {
    throw commonError(CommonErrorId.InvalidBody, { message: 'paymentId is not that of the ipr' });
  }
  return {
    ipr,
    sourceAmount,
    sourceAccount,
    connectorAccount,
    sourceExpiryDuration,
    fingerprint: requestFingerprint({
      packet: ipr.packet,
      condition: ipr.condition,
      sourceAmount: sourceAmount.toString(),
      sourceAccount,
      connectorAccount,
    }),
  };
}

/** Details of a payment request's payment, as they are answered. */
export function detailsOf(
  { ipr, sourceAmount, sourceAccount }: IprOrder,
  expiresAt: Date,
  scale: number,
): PaymentDetails {
  const { paymentId, address, amount, packet, condition } = ipr;
  return {
    id: paymentId,
    address,
    ...(ipr.scale === undefined ? {} : { destinationAmount: formatAmount(amount, ipr.scale) }),
    sourceAmount: formatAmount(sourceAmount, scale),
    sourceAccount,
    expiresAt: expiresAt.toISOString(),
    additionalHeaders: packet,
    execution_condition: condition,
    condition,
  };
}
