import { IprError, readIpr } from '@level-one/ilp';
import type { QuoteResponseDto } from '@level-one/peers';
import { readAmount, unitAtScale } from '@level-one/money';
import { CommonErrorId, commonError } from '@level-one/platform';
import { AmountType } from '@level-one/quote';
import type { QuotedPayee } from './quoted-party.js';
import type { QuoteTerms } from './quote-terms.service.js';

/** What the payee's DFSP offers, checked: it adds up, and is of this payment. Minor units of the payee's ledger. */
export interface ReceivedOffer {
  transferAmount: bigint;
  receiveAmount: bigint;
  charged: bigint;
  payeeFee: bigint;
  payeeCommission: bigint;
  /** What leaves the payer's account, in minor units of the own ledger. */
  sourceAmount: bigint;
  ipr: string;
  /** Seconds. */
  sourceExpiryDuration: number;
  connectorAccount: string;
  expiresAt: Date;
}

const SOURCE_EXPIRY_S_MAX = 60;

function unusableOffer(problem: string, cause?: unknown): Error {
  return commonError(CommonErrorId.External, { message: `The payee's DFSP's offer is of no use: ${problem}`, cause });
}

/**
 * Reads the answer to hop Q.1. What crosses the network is what the payment request says, whatever the rest of the
 * answer would make it.
 * @throws ContractError 502 ExternalError
 */
export function readOffer(
  answer: QuoteResponseDto,
  expected: { paymentId: string; amountType: AmountType; terms: QuoteTerms; payee: QuotedPayee; ownScale: number },
): ReceivedOffer {
  const { payee, terms, amountType, ownScale } = expected;
  const request = iprIn(answer?.ipr);
  if (request.paymentId !== expected.paymentId) throw unusableOffer('its payment request is of another payment');
  if (request.expiresAt === undefined) throw unusableOffer('it does not say how long it holds');
  const isInUnit =
    (request.currency ?? payee.currency) === payee.currency && (request.scale ?? payee.scale) === payee.scale;
  if (!isInUnit) throw unusableOffer('its payment request is in another currency');
  const transferAmount = request.amount;
  const receiveAmount = amountIn(answer.receiveAmount, payee);
  const isAsAsked = amountType === AmountType.Send ? transferAmount === terms.amount : receiveAmount === terms.amount;
  if (!isAsAsked || receiveAmount <= 0n || receiveAmount > transferAmount)
    throw unusableOffer('its amounts do not fit');
  const { connectorAccount } = answer;
  const seconds = numberIn(answer.sourceExpiryDuration);
  if (!(seconds > 0 && seconds <= SOURCE_EXPIRY_S_MAX) || typeof connectorAccount !== 'string') {
    throw unusableOffer('the own scheme adapter says neither where nor how long');
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

/** A scheme adapter that does not tell it can only be one to one. */
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
    throw unusableOffer('the own scheme adapter does not say what it costs here');
  }
  const amount = parsedAmount(sourceAmount, ownScale);
  if (amount === 0n) throw unusableOffer('it costs nothing');
  if (terms.sourceMax !== undefined && amount > terms.sourceMax)
    throw unusableOffer('it costs more than is to be sent');
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

/** Some adapters print the number as text. */
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
