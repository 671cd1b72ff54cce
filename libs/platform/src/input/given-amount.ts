import { type AmountUnit, readAmount } from '@level-one/money';
import { CommonErrorId, commonError } from '../errors/errors.js';

/**
 * Reads an amount that a caller gave into minor units of a ledger.
 * @throws ContractError 422 UnprocessableEntityError, or 400 InvalidBodyError when it is no decimal at all.
 */
export function givenAmount(amount: unknown, { scale, precision }: AmountUnit, { allowZero = false } = {}): bigint {
  return readAmount(amount, { scale, precision, allowZero }, ({ reason, message }) =>
    commonError(reason === 'form' ? CommonErrorId.InvalidBody : CommonErrorId.UnprocessableEntity, { message }),
  );
}
