import { AmountError, isCurrencyCode } from '@level-one/money';
import type { Steps } from '@level-one/work';
import { type RuleProblem, ruleProblem, RuleProblemKind } from './rule-problem.js';
import { overlappingPairs } from './rule-overlap.js';
import { RuleCoverage, type Ranked } from './rule-coverage.js';
import { describeScope, endOf, holdsWherever, type RuleScope, startOf } from './rule-scope.js';

type Named = RuleScope & { name: string };

/** Maximum of reported problems per kind of comparison; further ones are reported once these are mended. */
export const COMPARISONS_MAX = 100;
/** Maximum of rules named as hiding another one. */
const NAMES_MAX = 10;

/** Checks of one rule that apply to all kinds of rules. */
export function checkScope(rule: Named): RuleProblem[] {
  const { name, currency, priority, validFrom, validTo } = rule;
  const problems: RuleProblem[] = [];
  if (name.trim() === '') problems.push(ruleProblem(RuleProblemKind.Value, [name], 'A rule has no name'));
  if (!isCurrencyCode(currency)) {
    problems.push(
      ruleProblem(RuleProblemKind.Value, [name], `Rule "${name}": "${String(currency)}" is not a currency`),
    );
  }
  if (!Number.isInteger(priority)) {
    problems.push(
      ruleProblem(RuleProblemKind.Value, [name], `Rule "${name}": priority ${priority} is not a whole number`),
    );
  }
  if (validTo !== null && validFrom >= validTo) {
    const [from, to] = [validFrom.toISOString(), validTo.toISOString()];
    problems.push(
      ruleProblem(RuleProblemKind.Inverted, [name], `Rule "${name}": validFrom ${from} is not before validTo ${to}`),
    );
  }
  return problems;
}

/** Finds versions of one rule that are in force at the same time. */
export function* checkNames(rules: readonly Named[]): Steps<RuleProblem[]> {
  const problems: RuleProblem[] = [];
  for (const [name, versions] of groupsOf(rules, (rule) => rule.name)) {
    let end = -Infinity;
    for (const version of versions.toSorted((one, other) => startOf(one) - startOf(other))) {
      if (startOf(version) < end) {
        const message = `Two versions of rule "${name}" are in force at one time`;
        problems.push(ruleProblem(RuleProblemKind.Name, [name], message));
        if (problems.length === COMPARISONS_MAX) return problems;
      }
      end = Math.max(end, endOf(version));
      yield;
    }
  }
  return problems;
}

/** Finds pairs of rules of equal rank, that is, of one priority and equal `tieOf`. */
export function* checkOverlaps<Rule extends Named>(
  rules: readonly Rule[],
  tieOf: (rule: Rule) => string,
): Steps<RuleProblem[]> {
  const groups = groupsOf(rules, (rule) => `${rule.currency} ${rule.priority} ${tieOf(rule)}`);
  const pairs = yield* overlappingPairs(groups.values(), COMPARISONS_MAX);
  return pairs.map(([one, other]) =>
    ruleProblem(
      RuleProblemKind.Overlap,
      [one.name, other.name],
      `Rules "${one.name}" (${describeScope(one)}) and "${other.name}" (${describeScope(other)}) are in force at the same time` +
        ' for the same transfers; give one of them another priority, validity or start',
    ),
  );
}

/** The first rules that never decide, because others with a lower priority number and no higher rank always match. */
export function* findUnreachable<Item extends Ranked>(items: readonly Item[]): Steps<Item[]> {
  const coverage = new RuleCoverage(items);
  const hidden = new Set<Item>();
  yield;
  const byPriority = items.toSorted((one, other) => one.rule.priority - other.rule.priority);
  let waiting: Item[] = [];
  for (const item of byPriority) {
    if (waiting[0] && waiting[0].rule.priority < item.rule.priority) {
      for (const before of waiting) coverage.addRule(before);
      waiting = [];
    }
    if (yield* coverage.coversRule(item)) hidden.add(item);
    waiting.push(item);
    yield;
  }
  return items.filter((item) => hidden.has(item)).slice(0, COMPARISONS_MAX);
}

/** Names of the rules that hide a rule: those that hide it alone, or else those that do so together. */
export function* namesBefore(item: Ranked, all: readonly (Ranked & { rule: Named })[]): Steps<string[]> {
  const alone: string[] = [];
  const together: string[] = [];
  for (const { rule, kind, rank } of all) {
    yield;
    if (kind !== item.kind || rule.priority >= item.rule.priority || rank > item.rank) continue;
    if (holdsWherever(rule, item.rule)) alone.push(rule.name);
    else if (together.length < NAMES_MAX && isPart(rule, item.rule)) together.push(rule.name);
    if (alone.length === NAMES_MAX) break;
  }
  return alone.length > 0 ? alone : together;
}

/** Whether a rule precedes the hidden one for at least some time and one type of transfer, whenever that matches. */
function isPart(rule: RuleScope, hidden: RuleScope): boolean {
  const isMet = (one: string | null, other: string | null): boolean => one === null || one === other;
  return (
    rule.currency === hidden.currency &&
    isMet(rule.payerIdentifier, hidden.payerIdentifier) &&
    isMet(rule.payeeIdentifier, hidden.payeeIdentifier) &&
    isMet(rule.side, hidden.side) &&
    (hidden.transferType === null || isMet(rule.transferType, hidden.transferType)) &&
    startOf(rule) < endOf(hidden) &&
    startOf(hidden) < endOf(rule)
  );
}

/** Parses a value of a rule. A value that cannot be parsed is added to `problems`. */
export function readValue<Value>(
  problems: RuleProblem[],
  { rule, field, text }: { rule: string; field: string; text: string },
  read: (text: string) => Value,
): Value | undefined {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    const reason = error.reason === 'negative' ? 'is negative' : `is not accepted: ${error.message}`;
    problems.push(ruleProblem(RuleProblemKind.Value, [rule], `Rule "${rule}": ${field} ${text} ${reason}`));
    return undefined;
  }
}

/** Groups items by key; the order within a group is kept. */
export function groupsOf<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
