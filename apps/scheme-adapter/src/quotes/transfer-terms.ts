import { ANY_UNIT, formatShortest, readAmount } from '@level-one/money';
import type { QuoteRequestDto, ReservedQuoteDto } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { AmountType, parseAmountType } from '@level-one/quote';

/**
 * T of a quote, as a decimal text, for a DFSP API that answers only the members of the second seed: with SEND the
 * amount, with RECEIVE the amount and the payee's fee. The payer's fee in the request is ignored, because the payer
 * could choose it.
 * @throws ContractError 502 ExternalError
 */
export function transferTermsOf(
  { amountType, amount }: Pick<QuoteRequestDto, 'amountType' | 'amount'>,
  { payeeFee }: Pick<ReservedQuoteDto, 'payeeFee'>,
): string {
  if (parseAmountType(amountType) === AmountType.Send) return amount.amount;
  return formatShortest(minorUnitsOf(amount.amount) + minorUnitsOf(payeeFee?.amount), ANY_UNIT.scale);
}

function minorUnitsOf(text: unknown): bigint {
  return readAmount(text, { ...ANY_UNIT, allowZero: true }, (cause) =>
    commonError(CommonErrorId.External, { message: "The DFSP's quote has no fee", cause }),
  );
}
