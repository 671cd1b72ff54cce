import { AmountError, isCurrencyCode } from '@level-one/money';
import { type RuleProblem, ruleProblem, RuleProblemKind } from './rule-problem.js';
import { areAtOneTime, canMeet, describeScope, type RuleScope } from './rule-scope.js';

type Named = RuleScope & { name: string };

/** Problems of one kind between rules that are told; whoever mends these is told the next ones. */
const COMPARISONS_MAX = 100;

/** What any rule has to fulfil by itself, whatever it is a rule of. */
export function checkScope(rule: Named): RuleProblem[] {
  const { name, currency, priority, validFrom, validTo } = rule;
  const problems: RuleProblem[] = [];
  if (name.trim() === '') problems.push(ruleProblem(RuleProblemKind.Value, [name], 'A rule has no name'));
  if (!isCurrencyCode(currency)) {
    problems.push(ruleProblem(RuleProblemKind.Value, [name], `Rule "${name}": "${String(currency)}" is no currency`));
  }
  if (!Number.isInteger(priority)) {
    problems.push(
      ruleProblem(RuleProblemKind.Value, [name], `Rule "${name}": priority ${priority} is no whole number`),
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

/** Rules of one name that are in force at one time. */
export function checkNames(rules: readonly Named[]): RuleProblem[] {
  return pairsOf(rules, ({ name }) => name, areAtOneTime).map(([{ name }]) =>
    ruleProblem(RuleProblemKind.Name, [name], `Two versions of rule "${name}" are in force at one time`),
  );
}

/** Pairs between which neither priority nor `isTied` decides. */
export function checkOverlaps<Rule extends Named>(
  rules: readonly Rule[],
  isTied: (one: Rule, other: Rule) => boolean,
): RuleProblem[] {
  return pairsOf(
    rules,
    ({ currency, priority }) => `${currency} ${priority}`,
    (one, other) => one.name !== other.name && isTied(one, other) && canMeet(one, other),
  ).map(([one, other]) =>
    ruleProblem(
      RuleProblemKind.Overlap,
      [one.name, other.name],
      `Rules "${one.name}" (${describeScope(one)}) and "${other.name}" (${describeScope(other)}) hold at one time` +
        ' for the same transfers; give one of them another priority, validity or start',
    ),
  );
}

/** What a comparison of each rule with all of them finds, up to a number. */
export function firstProblems<Rule>(
  rules: readonly Rule[],
  find: (rule: Rule) => RuleProblem | undefined,
): RuleProblem[] {
  const problems: RuleProblem[] = [];
  for (const rule of rules) {
    const problem = find(rule);
    if (problem) problems.push(problem);
    if (problems.length === COMPARISONS_MAX) break;
  }
  return problems;
}

/** Reads a value of a rule; what it cannot read becomes a problem. */
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

/** The first pairs of one group of which `isPair` holds; of many rules that are alike, nearly all would be. */
function pairsOf<Item>(
  items: readonly Item[],
  groupOf: (item: Item) => string,
  isPair: (one: Item, other: Item) => boolean,
): [Item, Item][] {
  const found: [Item, Item][] = [];
  for (const group of groupsOf(items, groupOf).values()) {
    for (const [index, one] of group.entries()) {
      for (let next = index + 1; next < group.length; next++) {
        const other = group[next]!;
        if (isPair(one, other)) found.push([one, other]);
        if (found.length === COMPARISONS_MAX) return found;
      }
    }
  }
  return found;
}

/** Items by what they have in common; in each group in their order. */
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
