import { ANY_UNIT, formatShortest, readAmount } from '@level-one/money';
import type { QuoteRequestDto, ReservedQuoteDto } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { AmountType, parseAmountType } from '@level-one/quote';

/**
 * T of a quote of a DFSP that tells no more than the second seed has: with SEND the amount, with RECEIVE that and the
 * fee of the payee's DFSP. What the request says of the payer's fee does not count: it would be the payer's to choose.
 * A decimal text.
 * @throws ContractError 502 ExternalError
 */
export function transferTermsOf(
  { amountType, amount }: Pick<QuoteRequestDto, 'amountType' | 'amount'>,
  { payeeFee }: Pick<ReservedQuoteDto, 'payeeFee'>,
): string {
  if (parseAmountType(amountType) === AmountType.Send) return amount.amount;
  return formatShortest(minor(amount.amount) + minor(payeeFee?.amount), ANY_UNIT.scale);
}

function minor(text: unknown): bigint {
  return readAmount(text, { ...ANY_UNIT, allowZero: true }, (cause) =>
    commonError(CommonErrorId.External, { message: "The DFSP's quote has no fee", cause }),
  );
}
