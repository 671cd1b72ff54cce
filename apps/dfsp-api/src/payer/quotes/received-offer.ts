import { IprError, readIpr } from '@level-one/ilp';
import type { QuoteResponseDto } from '@level-one/peers';
import { readAmount, unitAtScale } from '@level-one/money';
import { CommonErrorId, commonError } from '@level-one/platform';
import { AmountType } from '@level-one/quote';
import type { QuotedPayee } from './quoted-party.js';
import type { QuoteTerms } from './quote-terms.service.js';

/** The checked offer of the payee's DFSP. Amounts in minor units of the payee's ledger. */
export interface ReceivedOffer {
  transferAmount: bigint;
  receiveAmount: bigint;
  charged: bigint;
  payeeFee: bigint;
  payeeCommission: bigint;
  /** Debit of the payer's account without the fee, in minor units of the own ledger. */
  sourceAmount: bigint;
  ipr: string;
  /** In seconds. */
  sourceExpiryDuration: number;
  connectorAccount: string;
  expiresAt: Date;
}

const SOURCE_EXPIRY_S_MAX = 60;

function unusableOffer(problem: string, cause?: unknown): Error {
  return commonError(CommonErrorId.External, {
    message: `The offer of the payee's DFSP cannot be used: ${problem}`,
    cause,
  });
}

/**
 * Reads the answer to hop Q.1. The amount that crosses the network is the one in the payment request; the rest of the
 * answer must agree with it.
 * @throws ContractError 502 ExternalError
 */
export function readOffer(
  answer: QuoteResponseDto,
  expected: { paymentId: string; amountType: AmountType; terms: QuoteTerms; payee: QuotedPayee; ownScale: number },
): ReceivedOffer {
  const { payee, terms, amountType, ownScale } = expected;
  const request = iprIn(answer?.ipr);
  if (request.paymentId !== expected.paymentId) throw unusableOffer('its payment request belongs to another payment');
  if (request.expiresAt === undefined) throw unusableOffer('it has no expiry');
  const isInUnit =
    (request.currency ?? payee.currency) === payee.currency && (request.scale ?? payee.scale) === payee.scale;
  if (!isInUnit) throw unusableOffer('its payment request is in another currency');
  const transferAmount = request.amount;
  const receiveAmount = amountIn(answer.receiveAmount, payee);
  const isAsAsked = amountType === AmountType.Send ? transferAmount === terms.amount : receiveAmount === terms.amount;
  if (!isAsAsked || receiveAmount <= 0n || receiveAmount > transferAmount)
    throw unusableOffer('its amounts do not match the request');
  const { connectorAccount } = answer;
  const seconds = numberIn(answer.sourceExpiryDuration);
  if (!(seconds > 0 && seconds <= SOURCE_EXPIRY_S_MAX) || typeof connectorAccount !== 'string') {
    throw unusableOffer('the own scheme adapter answered no connector account or no expiry duration');
  }
  return {
    transferAmount,
    receiveAmount,
    charged: transferAmount - receiveAmount,
    payeeFee: amountIn(answer.payeeFee, payee),
    payeeCommission: amountIn(answer.payeeCommission, payee),
    sourceAmount: sourceIn(answer, { transferAmount, terms, payee, ownScale }),
    ipr: answer.ipr,
    sourceExpiryDuration: seconds,
    connectorAccount,
    expiresAt: request.expiresAt,
  };
}

/** Debit of the payer's account. A scheme adapter that names none trades one to one. */
function sourceIn(
  { sourceAmount }: QuoteResponseDto,
  {
    transferAmount,
    terms,
    payee,
    ownScale,
  }: { transferAmount: bigint; terms: QuoteTerms; payee: QuotedPayee; ownScale: number },
): bigint {
  if (sourceAmount === undefined) {
    if (payee.scale === ownScale && terms.sourceMax === undefined) return transferAmount;
    throw unusableOffer('the own scheme adapter answered no source amount');
  }
  const amount = parsedAmount(sourceAmount, ownScale);
  if (amount === 0n) throw unusableOffer('its source amount is 0');
  if (terms.sourceMax !== undefined && amount > terms.sourceMax)
    throw unusableOffer('its source amount is above the amount to send');
  return amount;
}

function iprIn(text: unknown) {
  try {
    return readIpr(text as string);
  } catch (error) {
    if (error instanceof IprError) throw unusableOffer('its payment request cannot be read', error);
    throw error;
  }
}

/** Some scheme adapters send the number as text. */
function numberIn(value: unknown): number {
  return Number(value);
}

function amountIn(money: { amount: string; currency: string } | undefined, { scale, currency }: QuotedPayee): bigint {
  if (money?.currency !== currency) throw unusableOffer('it is in another currency');
  return parsedAmount(money.amount, scale);
}

function parsedAmount(text: unknown, scale: number): bigint {
  return readAmount(text, { ...unitAtScale(scale), allowZero: true }, (cause) =>
    unusableOffer('an amount cannot be read', cause),
  );
}
