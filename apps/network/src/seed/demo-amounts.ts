import { currencyDecimals, formatAmount, parseAmount } from '@level-one/money';
import { type DfspName, type NetworkPlan } from '../plan/topology.js';

/** What the amounts of the demo are written for. */
const WRITTEN_SCALE = 2;

/** What a ledger counts in. */
export interface DemoUnit {
  /** ISO 4217 alpha-3. */
  currency: string;
  scale: number;
}

/** What the ledger of a DFSP, or of the centre, is told. */
export function unitAt({ instances }: NetworkPlan, dfsp: DfspName | null): DemoUnit {
  const role = dfsp === null ? 'central-ledger' : 'dfsp-ledger';
  const { environment } = instances.find((one) => one.role === role && one.dfsp === dfsp)!;
  const { CURRENCY: currency = 'USD', SCALE: scale } = environment;
  return { currency, scale: scale === undefined ? currencyDecimals(currency) : Number(scale) };
}

/**
 * An amount of the demo on a ledger: 10.40 where there are two decimals or more, and as many of the smallest units where
 * there are fewer, 1040 where there are none.
 */
export function demoAmount(text: string, { scale }: DemoUnit): string {
  if (scale >= WRITTEN_SCALE) return text;
  const magnitude = parseAmount(text.replace('-', ''), { scale: WRITTEN_SCALE, precision: 18, allowZero: true });
  return formatAmount(text.startsWith('-') ? -magnitude : magnitude, scale);
}
