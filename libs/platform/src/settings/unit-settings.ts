import { currencyDecimals, isCurrencyCode, PRECISION_MAX, SCALE_MAX } from '@level-one/money';
import { IsInt, Matches, Max, Min } from 'class-validator';
import { Setting } from './settings.js';

/**
 * Mixin for settings of a ledger, of the demo network, and of every role that reads or writes amounts of its DFSP's
 * ledger.
 */
export function WithUnit<B extends new (...args: any[]) => object>(base: B) {
  class UnitSettings extends base {
    @Setting({ env: 'CURRENCY', meaning: 'currency of the ledger, ISO 4217 alpha-3' })
    @Matches(/^[A-Z]{3}$/, { message: 'must be three capital letters' })
    currency: string = 'USD';

    @Setting({
      env: 'SCALE',
      unit: 'decimals',
      meaning: 'decimals of the amounts of the ledger, 0 to 9',
      defaultText: 'those of `CURRENCY` in ISO 4217: USD 2, UGX 0, KWD 3',
      defaultFrom: ({ currency }) => (isCurrencyCode(currency) ? currencyDecimals(currency) : undefined),
    })
    @IsInt()
    @Min(0)
    @Max(SCALE_MAX)
    scale: number;

    @Setting({
      env: 'PRECISION',
      unit: 'digits',
      meaning: 'maximum of digits of one amount in minor units, 1 to 18',
    })
    @IsInt()
    @Min(1)
    @Max(PRECISION_MAX)
    precision: number = 10;
  }
  return UnitSettings;
}
