import { AmountError, formatShortest, parseAmount } from '@level-one/money';
import type { QuoteRequestDto, ReservedQuoteDto } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { AmountType, parseAmountType } from '@level-one/quote';

/** More decimals than any ledger has. */
const SCALE = 9;
const PRECISION = 40;

/**
 * T of a quote of a DFSP that tells no more than the second seed has: with SEND the amount, with RECEIVE that and what
 * the payee's DFSP charges beyond the payer's fee (contract 5.2). A decimal text.
 * @throws ContractError 502 ExternalError
 */
export function transferTermsOf(
  { amountType, amount, fees }: Pick<QuoteRequestDto, 'amountType' | 'amount' | 'fees'>,
  { payeeFee }: Pick<ReservedQuoteDto, 'payeeFee'>,
): string {
  if (parseAmountType(amountType) === AmountType.Send) return amount.amount;
  const charged = minor(payeeFee?.amount) - minor(fees?.amount ?? '0');
  return formatShortest(minor(amount.amount) + (charged > 0n ? charged : 0n), SCALE);
}

function minor(text: unknown): bigint {
  try {
    return parseAmount(text, { scale: SCALE, precision: PRECISION, allowZero: true });
  } catch (cause) {
    if (!(cause instanceof AmountError)) throw cause;
    throw commonError(CommonErrorId.External, { message: "The DFSP's quote has no fee", cause });
  }
}
