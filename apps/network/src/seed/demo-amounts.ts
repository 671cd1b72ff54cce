import { currencyDecimals, formatAmount, parseAmount } from '@level-one/money';
import { type DfspName, type NetworkPlan } from '../plan/topology.js';

/** Decimals of the amounts in the demo's texts. */
const WRITTEN_SCALE = 2;

/** Currency and scale of a ledger. */
export interface DemoUnit {
  /** ISO 4217 alpha-3. */
  currency: string;
  scale: number;
}

/** Currency and scale in the plan, of a DFSP's ledger or the centre's. */
export function unitAt({ instances }: NetworkPlan, dfsp: DfspName | null): DemoUnit {
  const role = dfsp === null ? 'central-ledger' : 'dfsp-ledger';
  const { environment } = instances.find((one) => one.role === role && one.dfsp === dfsp)!;
  const { CURRENCY: currency = 'USD', SCALE: scale } = environment;
  return { currency, scale: scale === undefined ? currencyDecimals(currency) : Number(scale) };
}

/**
 * An amount of the demo on a ledger: 10.40 at scale 2 and above; below, the same number of minor units: 1040 at scale
 * 0.
 */
export function demoAmount(text: string, { scale }: DemoUnit): string {
  if (scale >= WRITTEN_SCALE) return text;
  const magnitude = parseAmount(text.replace('-', ''), { scale: WRITTEN_SCALE, precision: 18, allowZero: true });
  return formatAmount(text.startsWith('-') ? -magnitude : magnitude, scale);
}
