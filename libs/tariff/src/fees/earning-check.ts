import { formatShortest } from '@level-one/money';
import { QuoteSide, TransferType } from '@level-one/quote';
import type { Steps } from '@level-one/work';
import { type FeeRuleContent, tierOf } from './fee-choice.js';
import { FeeKind } from './fee-rule.entity.js';
import { COMPARISONS_MAX, groupsOf } from '../rules/rule-check.js';
import { type RuleProblem, ruleProblem, RuleProblemKind } from '../rules/rule-problem.js';
import { describeScope, endOf, startOf } from '../rules/rule-scope.js';
import { computeTariff, type TariffTier } from './tariff.js';

/** A rule with its amounts in minor units. */
interface Priced {
  rule: FeeRuleContent;
  tier: TariffTier;
  credit: bigint;
}

/** One side of a payment, of which the DFSP charges a fee and gives a commission. */
interface Leg {
  currency: string;
  side: QuoteSide;
  transferType: TransferType;
  payerIdentifier: string | null;
  payeeIdentifier: string | null;
  /** Unix time in ms. */
  moment: number;
}

interface Outcome {
  fee: Priced | undefined;
  commission: Priced | undefined;
  earned: bigint;
  given: bigint;
}

const TYPES = Object.values(TransferType);
const SIDES = [QuoteSide.Debit, QuoteSide.Credit];
const OTHER_SIDE: Readonly<Record<QuoteSide, QuoteSide>> = {
  [QuoteSide.Debit]: QuoteSide.Credit,
  [QuoteSide.Credit]: QuoteSide.Debit,
};
/** Larger than any payment, in minor units. */
const LARGE = 10n ** 15n;
/** Maximum of tried amounts per rule: with thousands of rules for different numbers not every amount is tried. */
const LOOKS_PER_RULE = 300;

/**
 * Warns of commissions that exceed the fees of the same side of a payment. Payer and payee of such a payment gain
 * together, again and again with the same money, if it costs less to pay it back. Tries each commission rule at the
 * start amounts and bounds of it and of the fee rules beside it. If no single side loses, no two sides together do. At
 * most one warning per commission rule.
 */
export function* checkEarnings(
  rules: readonly FeeRuleContent[],
  { scale, at }: { scale: number; at: Date },
): Steps<RuleProblem[]> {
  const priced: Priced[] = [];
  for (const rule of rules) {
    const credit = tierOf({ ...rule, startAmount: rule.payerFeeCredit ?? '0' }, scale).startAmount;
    priced.push({ rule, tier: tierOf(rule, scale), credit });
    yield;
  }
  const table = new PriceTable(priced, LOOKS_PER_RULE * priced.length);
  yield;
  const warned = new Map<string, RuleProblem>();
  for (const one of priced) {
    for (const leg of legsOf(one.rule, at)) {
      const loss = yield* firstLoss(table, one, leg);
      if (loss && !warned.has(loss.by)) warned.set(loss.by, problemOf(table, loss, leg, scale));
    }
    if (table.isExhausted || warned.size >= COMPARISONS_MAX) break;
  }
  return [...warned.values()];
}

interface Loss extends Outcome {
  amount: bigint;
  /** Name of the commission rule. */
  by: string;
}

/** The smallest tried amount at which a side gives more than it earns. */
function* firstLoss(table: PriceTable, one: Priced, leg: Leg): Steps<Loss | undefined> {
  const counterparts = new Set<Priced>([one]);
  const own = pointsOf(one.tier);
  for (const amount of own) {
    const { fee, commission } = table.outcomeOf(leg, amount);
    for (const other of [fee, commission]) if (other) counterparts.add(other);
  }
  yield;
  const points = [...new Set([...counterparts].flatMap(({ tier }) => pointsOf(tier)))];
  for (const amount of points.toSorted((first, second) => (first < second ? -1 : 1))) {
    const outcome = table.outcomeOf(leg, amount);
    yield;
    if (outcome.commission && outcome.given > outcome.earned) {
      return { ...outcome, amount, by: outcome.commission.rule.name };
    }
  }
  return undefined;
}

function problemOf(table: PriceTable, loss: Loss, leg: Leg, scale: number): RuleProblem {
  const { amount, earned, given, fee, commission } = loss;
  const print = (minor: bigint): string => formatShortest(minor, scale);
  const back = TYPES.map((transferType) => {
    const { payerIdentifier, payeeIdentifier, side } = leg;
    const way = { ...leg, transferType, side: OTHER_SIDE[side] };
    const outcome = table.outcomeOf(
      { ...way, payerIdentifier: payeeIdentifier, payeeIdentifier: payerIdentifier },
      amount,
    );
    return { transferType, cost: outcome.earned - outcome.given };
  }).reduce((least, one) => (one.cost < least.cost ? one : least));
  const gain = given - earned - back.cost;
  const scope = describeScope({ ...commission!.rule, transferType: leg.transferType, side: leg.side });
  const by = fee ? ` by rule "${fee.rule.name}"` : '';
  return ruleProblem(
    RuleProblemKind.Earning,
    [loss.by, ...(fee ? [fee.rule.name] : [])],
    `For a payment of ${print(amount)} (${scope}) the commission by rule "${loss.by}" is ${print(given)} and the fee${by} ` +
      `is ${print(earned)}. ` +
      (gain > 0n
        ? `If the money is paid back (${back.transferType}), both parties together have gained ${print(gain)}`
        : `Only the fee of the way back covers the difference`),
  );
}

/** The sides that a rule applies to, one per type and side. */
function* legsOf(rule: FeeRuleContent, at: Date): Generator<Leg> {
  const { currency, payerIdentifier, payeeIdentifier } = rule;
  const moment = Math.max(startOf(rule), at.getTime());
  for (const transferType of rule.transferType === null ? TYPES : [rule.transferType]) {
    for (const side of rule.side === null ? SIDES : [rule.side]) {
      yield { currency, side, transferType, payerIdentifier, payeeIdentifier, moment };
    }
  }
}

/** Amounts at which a tier begins, reaches a bound, or has passed all bounds. */
function pointsOf({ startAmount, percentMillionths, percentBase, minValue, maxValue }: TariffTier): bigint[] {
  const base = percentBase ?? 0n;
  const percent = percentMillionths ?? 0n;
  const passes = (value: bigint | null): bigint[] =>
    value === null || percent === 0n ? [] : [base + (value * 100_000_000n + percent - 1n) / percent];
  const points = [startAmount, base, ...passes(minValue), ...passes(maxValue), LARGE];
  return points.map((point) => (point < startAmount ? startAmount : point)).filter((point) => point > 0n);
}

/** Tiers of one scope and priority, sorted by start. */
interface Bucket {
  priority: number;
  tiers: Priced[];
}

/** Index that finds the deciding rule without a scan of all rules. */
class PriceTable {
  private readonly scopes = new Map<string, Bucket[]>();

  constructor(
    priced: readonly Priced[],
    private looks: number,
  ) {
    for (const [key, ofScope] of groupsOf(priced, ({ rule }) => keyOf(rule.kind, rule))) {
      const buckets = [...groupsOf(ofScope, ({ rule }) => String(rule.priority)).values()].map((tiers) => ({
        priority: tiers[0]!.rule.priority,
        tiers: tiers.toSorted((one, other) => (one.tier.startAmount < other.tier.startAmount ? -1 : 1)),
      }));
      this.scopes.set(
        key,
        buckets.toSorted((one, other) => one.priority - other.priority),
      );
    }
  }

  get isExhausted(): boolean {
    return this.looks <= 0;
  }

  outcomeOf(leg: Leg, amount: bigint): Outcome {
    const fee = this.decidingRule(FeeKind.Fee, leg, amount);
    const commission = this.decidingRule(FeeKind.Commission, leg, amount);
    const charge = fee ? computeTariff([fee.tier], amount) : 0n;
    const credit = leg.side === QuoteSide.Credit && fee ? fee.credit : 0n;
    const given = commission ? computeTariff([commission.tier], amount) : 0n;
    return { fee, commission, earned: charge > credit ? charge - credit : 0n, given };
  }

  private decidingRule(kind: FeeKind, leg: Leg, amount: bigint): Priced | undefined {
    let best: Priced | undefined;
    for (const payerIdentifier of new Set([leg.payerIdentifier, null])) {
      for (const payeeIdentifier of new Set([leg.payeeIdentifier, null])) {
        for (const side of [leg.side, null]) {
          for (const transferType of [leg.transferType, null]) {
            const scope = { currency: leg.currency, side, transferType, payerIdentifier, payeeIdentifier };
            best = this.firstIn(this.scopes.get(keyOf(kind, scope)) ?? [], leg.moment, amount, best);
          }
        }
      }
    }
    return best;
  }

  /** The deciding rule of these buckets, unless `best` precedes it. */
  private firstIn(
    buckets: readonly Bucket[],
    moment: number,
    amount: bigint,
    best: Priced | undefined,
  ): Priced | undefined {
    for (const { priority, tiers } of buckets) {
      if (this.isExhausted || (best && priority > best.rule.priority)) return best;
      this.looks--;
      for (let place = lastUpTo(tiers, amount); place >= 0 && !this.isExhausted; place--) {
        const one = tiers[place]!;
        if (startOf(one.rule) <= moment && moment < endOf(one.rule)) {
          const goesFirst = !best || priority < best.rule.priority || one.tier.startAmount > best.tier.startAmount;
          return goesFirst ? one : best;
        }
        this.looks--;
      }
    }
    return best;
  }
}

/** Index of the last tier that starts at or below an amount. */
function lastUpTo(tiers: readonly Priced[], amount: bigint): number {
  let [low, high] = [0, tiers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (tiers[middle]!.tier.startAmount <= amount) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

type ScopeKey = Omit<Leg, 'moment' | 'side' | 'transferType'> & {
  side: QuoteSide | null;
  transferType: TransferType | null;
};

function keyOf(kind: FeeKind, { currency, side, transferType, payerIdentifier, payeeIdentifier }: ScopeKey): string {
  return [kind, currency, side, transferType, payerIdentifier, payeeIdentifier].join('\0');
}
