import { type AmountUnit, ANY_UNIT, formatShortest, parseAmount } from '@level-one/money';
import { commonError, CommonErrorId, givenAmount } from '@level-one/platform';

/**
 * An amount of the payee's ledger that a caller gave, whose decimals only that ledger knows: its shortest decimal text.
 * @throws ContractError 400 InvalidBodyError, 422 UnprocessableEntityError
 */
export function destinationAmount(value: unknown): string {
  return formatShortest(givenAmount(value, ANY_UNIT), ANY_UNIT.scale);
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
