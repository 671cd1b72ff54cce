import { AmountError, type AmountUnit, ANY_UNIT, formatShortest, parseAmount } from '@level-one/money';
import { CommonErrorId, commonError } from '@level-one/platform';

/** Minor units of an amount that a caller gave. @throws ContractError 400 InvalidBodyError, 422 UnprocessableEntityError */
export function givenAmount(value: unknown, { scale, precision }: AmountUnit): bigint {
  try {
    return parseAmount(value, { scale, precision });
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    const id = error.reason === 'form' ? CommonErrorId.InvalidBody : CommonErrorId.UnprocessableEntity;
    throw commonError(id, { message: error.message });
  }
}

/**
 * An amount of the payee's ledger that a caller gave, whose decimals only that ledger knows: its shortest decimal text.
 * @throws ContractError 400 InvalidBodyError, 422 UnprocessableEntityError
 */
export function destinationAmount(value: unknown): string {
  try {
    return formatShortest(parseAmount(value, ANY_UNIT), ANY_UNIT.scale);
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    const id = error.reason === 'form' ? CommonErrorId.InvalidBody : CommonErrorId.UnprocessableEntity;
    throw commonError(id, { message: error.message });
  }
}

/** The text with at least `scale` decimals, as ledgers print amounts. */
export function withDecimals(amount: string, scale: number): string {
  const [whole = '', fraction = ''] = amount.split('.');
  return scale === 0 && fraction === '' ? whole : `${whole}.${fraction.padEnd(scale, '0')}`;
}

/** Minor units of an amount in another system's answer. @throws ContractError 502 ExternalError */
export function answeredAmount(value: unknown, { scale, precision }: AmountUnit, whose: string): bigint {
  try {
    return parseAmount(value, { scale, precision });
  } catch (cause) {
    throw commonError(CommonErrorId.External, { message: `${whose} answered an amount that cannot be read`, cause });
  }
}
