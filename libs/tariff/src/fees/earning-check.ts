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

/** One side of a payment: what its DFSP may charge and give. */
interface Leg {
  currency: string;
  side: QuoteSide;
  transferType: TransferType;
  payerIdentifier: string | null;
  payeeIdentifier: string | null;
  /** Milliseconds. */
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
/** Larger than any payment that is made, in minor units. */
const LARGE = 10n ** 15n;
/** Looks for each rule, at most: of thousands of rules for different numbers not every amount is tried. */
const LOOKS_PER_RULE = 300;

/**
 * Commissions that are more than the fees which the same side of a payment earns. Payer and payee of such a payment
 * gain together, and with the same money again, as long as it costs less to pay it back. Each rule is tried where it and
 * the rule that decides against it begin, and where they reach their bounds; no two legs can gain together of which
 * neither does alone. One warning for each rule of a commission.
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
  /** Name of the rule of the commission. */
  by: string;
}

/** The least of the amounts that are tried at which a leg gives more than it earns. */
function* firstLoss(table: PriceTable, one: Priced, leg: Leg): Steps<Loss | undefined> {
  const counterparts = new Set<Priced>([one]);
  const own = pointsOf(one.tier);
  for (const amount of own) {
    const { fee, commission } = table.outcome(leg, amount);
    for (const other of [fee, commission]) if (other) counterparts.add(other);
  }
  yield;
  const points = [...new Set([...counterparts].flatMap(({ tier }) => pointsOf(tier)))];
  for (const amount of points.toSorted((first, second) => (first < second ? -1 : 1))) {
    const outcome = table.outcome(leg, amount);
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
    const outcome = table.outcome(
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
    `Of a payment of ${print(amount)} (${scope}) the commission by rule "${loss.by}" is ${print(given)}, and the fee${by} ` +
      `is ${print(earned)}. ` +
      (gain > 0n
        ? `With the money paid back (${back.transferType}), both ends together have gained ${print(gain)}`
        : `Only the fee of the way back makes up for it`),
  );
}

/** What a rule is about, each type and side by itself. */
function* legsOf(rule: FeeRuleContent, at: Date): Generator<Leg> {
  const { currency, payerIdentifier, payeeIdentifier } = rule;
  const moment = Math.max(startOf(rule), at.getTime());
  for (const transferType of rule.transferType === null ? TYPES : [rule.transferType]) {
    for (const side of rule.side === null ? SIDES : [rule.side]) {
      yield { currency, side, transferType, payerIdentifier, payeeIdentifier, moment };
    }
  }
}

/** Amounts at which a tier begins, passes a bound, or has long passed all of them. */
function pointsOf({ startAmount, percentMillionths, percentBase, minValue, maxValue }: TariffTier): bigint[] {
  const base = percentBase ?? 0n;
  const percent = percentMillionths ?? 0n;
  const passes = (value: bigint | null): bigint[] =>
    value === null || percent === 0n ? [] : [base + (value * 100_000_000n + percent - 1n) / percent];
  const points = [startAmount, base, ...passes(minValue), ...passes(maxValue), LARGE];
  return points.map((point) => (point < startAmount ? startAmount : point)).filter((point) => point > 0n);
}

/** Tiers of one scope and priority, by start. */
interface Bucket {
  priority: number;
  tiers: Priced[];
}

/** Finds the rules that decide without looking at all of them. */
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

  outcome(leg: Leg, amount: bigint): Outcome {
    const fee = this.decides(FeeKind.Fee, leg, amount);
    const commission = this.decides(FeeKind.Commission, leg, amount);
    const charge = fee ? computeTariff([fee.tier], amount) : 0n;
    const credit = leg.side === QuoteSide.Credit && fee ? fee.credit : 0n;
    const given = commission ? computeTariff([commission.tier], amount) : 0n;
    return { fee, commission, earned: charge > credit ? charge - credit : 0n, given };
  }

  private decides(kind: FeeKind, leg: Leg, amount: bigint): Priced | undefined {
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

  /** The rule of these that decides, or the best of others, if that goes first. */
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
