import { AmountError, parseAmount } from '@level-one/money';
import { CommonErrorId, commonError } from '@level-one/platform';

/**
 * Reads an amount a caller gave into minor units of a currency with `scale` decimals.
 * @throws ContractError 422 UnprocessableEntityError, or 400 InvalidBodyError when it is no decimal at all.
 */
export function givenAmount(amount: unknown, scale: number, { allowZero = false } = {}): bigint {
  try {
    return parseAmount(amount, { scale, allowZero });
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    const id = error.reason === 'form' ? CommonErrorId.InvalidBody : CommonErrorId.UnprocessableEntity;
    throw commonError(id, { message: error.message });
  }
}

/** {@link givenAmount} for what may be nothing. @throws ContractError 422 UnprocessableEntityError, 400 InvalidBodyError */
export function givenFee(amount: unknown, scale: number): bigint {
  return givenAmount(amount, scale, { allowZero: true });
}

/**
 * Reads an amount that another system answered.
 * @throws ContractError 502 ExternalError when it is none.
 */
export function answeredAmount(amount: unknown, scale: number): bigint {
  try {
    return parseAmount(amount, { scale });
  } catch (cause) {
    throw commonError(CommonErrorId.External, { message: 'The next system answered no valid amount', cause });
  }
}
