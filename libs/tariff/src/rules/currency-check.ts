import { groupsOf } from './rule-check.js';
import { type RuleProblem, ruleProblem, RuleProblemKind } from './rule-problem.js';
import type { VersionedRule } from './rule-scope.js';

/** Maximum of rule names in one message. */
const NAMED_MAX = 10;

/** One warning per currency other than the ledger's. Such rules are stored, but apply to no payment. */
export function checkCurrencies(
  rules: readonly Pick<VersionedRule, 'name' | 'currency'>[],
  own: string | undefined,
): RuleProblem[] {
  if (own === undefined) return [];
  const foreign = rules.filter(({ currency }) => currency !== own);
  return [...groupsOf(foreign, ({ currency }) => currency)].map(([currency, group]) => {
    const names = [...new Set(group.map(({ name }) => name))];
    const more = names.length > NAMED_MAX ? ' and others' : '';
    const shown = names.slice(0, NAMED_MAX).map((name) => `"${name}"`);
    const message = `Rules in ${currency} hold for no payment, the ledger is in ${own}: ${shown.join(', ')}${more}`;
    return ruleProblem(RuleProblemKind.Pointless, names, message);
  });
}
