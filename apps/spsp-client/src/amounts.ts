import { AmountError, parseAmount } from '@level-one/money';
import { CommonErrorId, commonError } from '@level-one/platform';

/** Minor units of an amount that a caller gave. @throws ContractError 400 InvalidBodyError, 422 UnprocessableEntityError */
export function givenAmount(value: unknown, scale: number): bigint {
  try {
    return parseAmount(value, { scale });
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    const id = error.reason === 'form' ? CommonErrorId.InvalidBody : CommonErrorId.UnprocessableEntity;
    throw commonError(id, { message: error.message });
  }
}

/** Minor units of an amount in another system's answer. @throws ContractError 502 ExternalError */
export function answeredAmount(value: unknown, scale: number, whose: string): bigint {
  try {
    return parseAmount(value, { scale });
  } catch (cause) {
    throw commonError(CommonErrorId.External, { message: `${whose} answered an amount that cannot be read`, cause });
  }
}
