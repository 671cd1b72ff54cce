import { parseAmount, unitAtScale } from '@level-one/money';

/** A balance or an amount of a ledger in minor units; it may be below zero. */
export function amountInMinorUnits(text: string, scale: number): bigint {
  const options = { ...unitAtScale(scale), precision: 19, allowZero: true };
  return text.startsWith('-') ? -parseAmount(text.slice(1), options) : parseAmount(text, options);
}
