import { AmountError, isCurrencyCode } from '@level-one/money';
import { type RuleProblem, ruleProblem, RuleProblemKind } from './rule-problem.js';
import { canMeet, describeScope, type RuleScope } from './rule-scope.js';

type Named = RuleScope & { name: string };

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
  return pairsOf(rules, (one, other) => one.name === other.name && isAtOneTime(one, other)).map(([{ name }]) =>
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
    (one, other) =>
      one.name !== other.name && one.priority === other.priority && isTied(one, other) && canMeet(one, other),
  ).map(([one, other]) =>
    ruleProblem(
      RuleProblemKind.Overlap,
      [one.name, other.name],
      `Rules "${one.name}" (${describeScope(one)}) and "${other.name}" (${describeScope(other)}) hold at one time` +
        ' for the same transfers; give one of them another priority, validity or start',
    ),
  );
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

function isAtOneTime(one: RuleScope, other: RuleScope): boolean {
  const anything = { transferType: null, currency: '', side: null, payerIdentifier: null, payeeIdentifier: null };
  return canMeet({ ...one, ...anything }, { ...other, ...anything });
}

/** More than anybody reads; a set with so many faults is one fault. */
const PAIRS_MAX = 100;

/** The first pairs of items of which `isPair` holds; there may be many rules, so they are not put side by side first. */
function pairsOf<Item>(items: readonly Item[], isPair: (one: Item, other: Item) => boolean): [Item, Item][] {
  const found: [Item, Item][] = [];
  for (const [index, one] of items.entries()) {
    for (let next = index + 1; next < items.length; next++) {
      const other = items[next]!;
      if (isPair(one, other)) found.push([one, other]);
      if (found.length === PAIRS_MAX) return found;
    }
  }
  return found;
}
