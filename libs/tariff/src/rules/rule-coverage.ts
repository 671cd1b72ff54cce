import { TransferType } from '@level-one/quote';
import type { Steps } from '@level-one/work';
import { endOf, type RuleScope, startOf } from './rule-scope.js';

/** Validity periods of rules of one scope with their ranks. Finds the lowest rank at any moment. */
class Periods {
  private readonly times: number[] = [];
  /** Lowest rank added for the whole range of each node, in a binary tree over the moments. */
  private ranks = new Float64Array();
  /** Highest of the lowest ranks below each node. */
  private highest = new Float64Array();
  private isReady = false;
  /** Number of added periods. */
  size = 0;

  constructor(readonly id: number) {}

  /** Registers the start and end of a period. All must be registered before the first {@link addPeriod}. */
  registerPeriod(from: number, to: number): void {
    this.times.push(from, to);
  }

  addPeriod(from: number, to: number, rank: number): void {
    this.buildTree();
    this.size++;
    this.lowerRank(1, 0, this.times.length - 2, this.placeOf(from), this.placeOf(to) - 1, rank);
  }

  /**
   * End of the time from a moment on that periods of at most this rank cover without a gap; the moment itself if there
   * is none.
   */
  coveredUntil(moment: number, rank: number): number {
    this.buildTree();
    const place = this.placeOf(moment);
    if (place < 0 || place >= this.times.length - 1) return moment;
    const gap = this.firstAbove(1, 0, this.times.length - 2, place, rank);
    return gap === place ? moment : this.times[gap === -1 ? this.times.length - 1 : gap]!;
  }

  private buildTree(): void {
    if (this.isReady) return;
    this.isReady = true;
    const distinct = [...new Set(this.times)].toSorted((one, other) => one - other);
    this.times.length = 0;
    for (const time of distinct) this.times.push(time);
    this.ranks = new Float64Array(4 * distinct.length).fill(Infinity);
    this.highest = new Float64Array(4 * distinct.length).fill(Infinity);
  }

  /** Index of the last time at or before a moment; -1 if there is none. */
  private placeOf(moment: number): number {
    let [low, high] = [0, this.times.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.times[middle]! <= moment) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private lowerRank(node: number, first: number, last: number, from: number, to: number, rank: number): void {
    if (to < first || last < from) return;
    if (from <= first && last <= to) {
      this.ranks[node] = Math.min(this.ranks[node]!, rank);
      this.highest[node] = Math.min(this.highest[node]!, rank);
      return;
    }
    const middle = (first + last) >>> 1;
    this.lowerRank(2 * node, first, middle, from, to, rank);
    this.lowerRank(2 * node + 1, middle + 1, last, from, to, rank);
    const below = Math.max(this.highest[2 * node]!, this.highest[2 * node + 1]!);
    this.highest[node] = Math.min(this.ranks[node]!, below);
  }

  private firstAbove(node: number, first: number, last: number, from: number, rank: number): number {
    if (last < from || this.highest[node]! <= rank) return -1;
    if (first === last) return first;
    const middle = (first + last) >>> 1;
    const left = this.firstAbove(2 * node, first, middle, from, rank);
    return left === -1 ? this.firstAbove(2 * node + 1, middle + 1, last, from, rank) : left;
  }
}

/** Moment until which there is no gap, and whether a gap follows. */
interface Reach {
  until: number;
  isEnd: boolean;
}

type ByType = Map<TransferType | null, Periods>;

/** A rule with its kind, if there are several, and its rank. A rule precedes rules of the same or a higher rank. */
export interface Ranked {
  rule: RuleScope;
  kind: string;
  rank: number;
}

/**
 * Index that finds whether added rules match at every moment and for every request that a rule matches. There are
 * always numbers that no rule names, so a rule without a number is covered only by rules without a number. A look-up
 * takes a few binary searches per covering period.
 */
export class RuleCoverage {
  private readonly scopes = new Map<string, ByType>();
  /** Cache of reaches by moment: many rules are hidden by the same ones. */
  private readonly reaches = new Map<string, Reach>();

  /** @param all all items that will be added. */
  constructor(all: Iterable<Ranked>) {
    let id = 0;
    for (const { rule, kind } of all) {
      const { payerIdentifier, payeeIdentifier, side, transferType } = rule;
      const key = keyOf(rule.currency, kind, payerIdentifier, payeeIdentifier, side);
      let byType = this.scopes.get(key);
      if (!byType) this.scopes.set(key, (byType = new Map()));
      let periods = byType.get(transferType);
      if (!periods) byType.set(transferType, (periods = new Periods(id++)));
      periods.registerPeriod(startOf(rule), endOf(rule));
    }
  }

  addRule({ rule, kind, rank }: Ranked): void {
    const key = keyOf(rule.currency, kind, rule.payerIdentifier, rule.payeeIdentifier, rule.side);
    this.scopes.get(key)?.get(rule.transferType)?.addPeriod(startOf(rule), endOf(rule), rank);
  }

  *coversRule(ranked: Ranked): Steps<boolean> {
    const able = this.ableTo(ranked);
    for (const type of typesOf(ranked.rule, able)) {
      const own = able.flatMap((byType) => [byType.get(type), byType.get(null)]);
      const periods = [...new Set(own)].filter((one) => one !== undefined && one.size > 0) as Periods[];
      if (!(yield* this.coversTime(periods, ranked))) return false;
    }
    return true;
  }

  private *coversTime(periods: readonly Periods[], { rule, rank }: Ranked): Steps<boolean> {
    const [from, end] = [startOf(rule), endOf(rule)];
    const key = `${from} ${rank} ${periods.map(({ id, size }) => `${id}:${size}`).join(' ')}`;
    let reach = this.reaches.get(key) ?? { until: from, isEnd: periods.length === 0 };
    while (reach.until < end && !reach.isEnd) {
      let { until } = reach;
      for (const one of periods) until = one.coveredUntil(until, rank);
      reach = { until, isEnd: until === reach.until };
      yield;
    }
    this.reaches.set(key, reach);
    return reach.until >= end;
  }

  /** Periods of rules whose conditions, apart from the type, are met whenever those of the rule are. */
  private ableTo({ rule, kind }: Ranked): ByType[] {
    const { currency, payerIdentifier, payeeIdentifier, side } = rule;
    const found: (ByType | undefined)[] = [];
    for (const payer of new Set([payerIdentifier, null])) {
      for (const payee of new Set([payeeIdentifier, null])) {
        for (const whose of new Set([side, null])) {
          found.push(this.scopes.get(keyOf(currency, kind, payer, payee, whose)));
        }
      }
    }
    return found.filter((byType) => byType !== undefined);
  }
}

/** Types that must be covered separately. Types without a rule of their own are treated as one. */
function typesOf({ transferType }: RuleScope, able: readonly ByType[]): (TransferType | null)[] {
  if (transferType !== null) return [transferType];
  const named = Object.values(TransferType).filter((type) => able.some((byType) => byType.has(type)));
  return named.length === Object.values(TransferType).length ? named : [null, ...named];
}

function keyOf(...parts: (string | null)[]): string {
  return parts.map((part) => part ?? '').join('\0');
}
