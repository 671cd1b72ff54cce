import { mulDivRound, parseAmount } from '@level-one/money';

/** One tier of a fee or commission (contract 5.3). Amounts in minor units of the rule's currency; null: not set. */
export interface TariffTier {
  /** The tier applies from this amount up to the next tier. */
  startAmount: bigint;
  /** Millionths of one percent: 1 % is 1000000n, 0.25 % is 250000n. */
  percentMillionths: bigint | null;
  /** The percentage applies to the part above this amount. */
  percentBase: bigint | null;
  minValue: bigint | null;
  maxValue: bigint | null;
}

const PERCENT_SCALE = 6;
/** 100 % in millionths of a percent. */
const WHOLE = 100n * 10n ** BigInt(PERCENT_SCALE);

/**
 * The charge of the tier with the highest start at or below the amount; 0 without one. In minor units: min(maxValue,
 * max(0, minValue, percent × (max(amount, percentBase) − percentBase) / 100)), rounded half up.
 */
export function computeTariff(tiers: readonly TariffTier[], amount: bigint): bigint {
  const tier = tierFor(tiers, amount);
  if (!tier) return 0n;
  const base = tier.percentBase ?? 0n;
  const excess = larger(amount, base) - base;
  const share = mulDivRound(excess, tier.percentMillionths ?? 0n, WHOLE, 'half-up');
  const charge = larger(share, tier.minValue ?? 0n, 0n);
  return tier.maxValue !== null && charge > tier.maxValue ? tier.maxValue : charge;
}

/**
 * Parses a percentage, as decimal text ("1", "0.25") or number, into millionths of a percent.
 *
 * @throws AmountError unless it is from 0 to 999.999999.
 */
export function parsePercent(value: unknown): bigint {
  return parseAmount(value, { scale: PERCENT_SCALE, precision: PERCENT_SCALE + 3, allowZero: true });
}

function tierFor(tiers: readonly TariffTier[], amount: bigint): TariffTier | undefined {
  let best: TariffTier | undefined;
  for (const tier of tiers) {
    if (tier.startAmount <= amount && (!best || tier.startAmount > best.startAmount)) best = tier;
  }
  return best;
}

function larger(first: bigint, ...others: bigint[]): bigint {
  let result = first;
  for (const other of others) if (other > result) result = other;
  return result;
}
