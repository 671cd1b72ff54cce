import { AmountError, type AmountUnit, parseAmount } from '@level-one/money';
import { CommonErrorId, commonError } from '@level-one/platform';

/**
 * Reads an amount a caller gave into minor units of a ledger.
 * @throws ContractError 422 UnprocessableEntityError, or 400 InvalidBodyError when it is no decimal at all.
 */
export function givenAmount(amount: unknown, { scale, precision }: AmountUnit, { allowZero = false } = {}): bigint {
  try {
    return parseAmount(amount, { scale, precision, allowZero });
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    const id = error.reason === 'form' ? CommonErrorId.InvalidBody : CommonErrorId.UnprocessableEntity;
    throw commonError(id, { message: error.message });
  }
}

/** {@link givenAmount} for what may be nothing. @throws ContractError 422 UnprocessableEntityError, 400 InvalidBodyError */
export function givenFee(amount: unknown, unit: AmountUnit): bigint {
  return givenAmount(amount, unit, { allowZero: true });
}

/**
 * Reads an amount that another system answered.
 * @throws ContractError 502 ExternalError when it is none.
 */
export function answeredAmount(amount: unknown, { scale, precision }: AmountUnit): bigint {
  try {
    return parseAmount(amount, { scale, precision });
  } catch (cause) {
    throw commonError(CommonErrorId.External, { message: 'The next system answered no valid amount', cause });
  }
}
