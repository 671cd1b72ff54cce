import type { Steps } from '@level-one/work';
import { endOf, type RuleScope, SCOPE_CONDITIONS, startOf } from './rule-scope.js';

type Named = RuleScope & { name: string };

interface Entry<Rule> {
  rule: Rule;
  /** Index in the checked list. */
  index: number;
  /** One bit per condition of the rule. */
  mask: number;
}

/**
 * The first pairs of rules of one group, with different names, that match the same transfer at the same time. Visits
 * the starts and ends of rules in order, and looks up each starting rule among those in force: n log n comparisons for
 * n rules, and one per pair found.
 */
export function* overlappingPairs<Rule extends Named>(
  groups: Iterable<readonly Rule[]>,
  max: number,
): Steps<[Rule, Rule][]> {
  const pairs: [Rule, Rule][] = [];
  for (const group of groups) {
    if (group.length < 2) continue;
    yield* pairsIn(group, max, pairs);
    if (pairs.length === max) break;
  }
  return pairs;
}

function* pairsIn<Rule extends Named>(group: readonly Rule[], max: number, pairs: [Rule, Rule][]): Steps<void> {
  const entries = group.map((rule, index): Entry<Rule> => ({ rule, index, mask: maskOf(rule) }));
  const inForce = new RulesInForce<Rule>(new Set(entries.map(({ mask }) => mask)));
  const ending = entries.toSorted((one, other) => endOf(one.rule) - endOf(other.rule));
  let ended = 0;
  yield;
  for (const entry of entries.toSorted((one, other) => startOf(one.rule) - startOf(other.rule))) {
    for (; endOf(ending[ended]!.rule) <= startOf(entry.rule); ended++) inForce.removeRule(ending[ended]!);
    for (const other of inForce.rulesMeeting(entry)) {
      pairs.push(other.index < entry.index ? [other.rule, entry.rule] : [entry.rule, other.rule]);
      if (pairs.length === max) return;
    }
    inForce.addRule(entry);
    yield;
  }
}

/**
 * Index of the rules in force by their conditions. Two rules can match the same transfer if they agree in all
 * conditions that both have. So each rule is stored under its values of the conditions it shares with each combination
 * of conditions, of which there are at most sixteen.
 */
class RulesInForce<Rule extends Named> {
  /** Rules by mask, shared conditions and their values, then by name. */
  private readonly known = new Map<string, Map<string, Set<Entry<Rule>>>>();

  constructor(private readonly masks: ReadonlySet<number>) {}

  addRule(entry: Entry<Rule>): void {
    for (const key of this.keysOf(entry)) {
      let byName = this.known.get(key);
      if (!byName) this.known.set(key, (byName = new Map()));
      const versions = byName.get(entry.rule.name);
      if (versions) versions.add(entry);
      else byName.set(entry.rule.name, new Set([entry]));
    }
  }

  removeRule(entry: Entry<Rule>): void {
    for (const key of this.keysOf(entry)) {
      const byName = this.known.get(key);
      const versions = byName?.get(entry.rule.name);
      versions?.delete(entry);
      if (versions?.size === 0) byName?.delete(entry.rule.name);
    }
  }

  /** Rules of other names that overlap with a rule. */
  *rulesMeeting({ rule, mask }: Entry<Rule>): Generator<Entry<Rule>> {
    for (const other of this.masks) {
      const byName = this.known.get(keyOf(other, mask & other, rule));
      for (const [name, versions] of byName ?? []) if (name !== rule.name) yield* versions;
    }
  }

  private keysOf({ rule, mask }: Entry<Rule>): Set<string> {
    return new Set([...this.masks].map((other) => keyOf(mask, mask & other, rule)));
  }
}

function maskOf(rule: RuleScope): number {
  return SCOPE_CONDITIONS.reduce((mask, name, bit) => (rule[name] === null ? mask : mask | (1 << bit)), 0);
}

function keyOf(mask: number, shared: number, rule: RuleScope): string {
  let key = `${mask} ${shared}`;
  for (const [bit, name] of SCOPE_CONDITIONS.entries()) if (shared & (1 << bit)) key += `\0${rule[name]}`;
  return key;
}
