import { type AmountUnit, readAmount } from '@level-one/money';
import { CommonErrorId, commonError, givenAmount } from '@level-one/platform';

/** {@link givenAmount} that may be 0. @throws ContractError 422 UnprocessableEntityError, 400 InvalidBodyError */
export function givenFee(amount: unknown, unit: AmountUnit): bigint {
  return givenAmount(amount, unit, { allowZero: true });
}

/** Reads an amount that another system answered. @throws ContractError 502 ExternalError if it is no valid amount */
export function answeredAmount(amount: unknown, { scale, precision }: AmountUnit): bigint {
  return readAmount(amount, { scale, precision }, (cause) =>
    commonError(CommonErrorId.External, { message: 'The next system answered no valid amount', cause }),
  );
}
