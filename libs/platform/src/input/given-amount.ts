import { type AmountUnit, readAmount } from '@level-one/money';
import { CommonErrorId, commonError } from '../errors/errors.js';

/**
 * Parses an amount in a request into minor units of a ledger.
 * @throws ContractError 400 InvalidBodyError if it is not a decimal, 422 UnprocessableEntityError if the ledger cannot
 * hold it.
 */
export function givenAmount(amount: unknown, { scale, precision }: AmountUnit, { allowZero = false } = {}): bigint {
  return readAmount(amount, { scale, precision, allowZero }, ({ reason, message }) =>
    commonError(reason === 'form' ? CommonErrorId.InvalidBody : CommonErrorId.UnprocessableEntity, { message }),
  );
}
