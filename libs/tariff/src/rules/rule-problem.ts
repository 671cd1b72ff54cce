import { errorsOf } from '@level-one/errors';

/** What can be wrong with a set of rules. */
export enum RuleProblemKind {
  /** A value that is none: negative, not a number, finer than the ledger's scale, more than 100 %. */
  Value = 'value',
  /** A lower bound above its upper bound, or an end before its beginning. */
  Inverted = 'inverted',
  /** Two versions of one rule at one time. */
  Name = 'name',
  /** Two rules between which nothing decides. */
  Overlap = 'overlap',
  /** A rule that never decides anything. */
  Unreachable = 'unreachable',
  /** Amounts that no rule of a tariff is for. Allowed. */
  Gap = 'gap',
  /** A limit that another one makes pointless, or a rule in another currency than the ledger's. Allowed. */
  Pointless = 'pointless',
  /** A commission that is more than the fees of the same payment. Allowed. */
  Earning = 'earning',
}

const WARNINGS: ReadonlySet<RuleProblemKind> = new Set([
  RuleProblemKind.Gap,
  RuleProblemKind.Pointless,
  RuleProblemKind.Earning,
]);

export interface RuleProblem {
  kind: RuleProblemKind;
  severity: 'error' | 'warning';
  /** Names of the rules it is about. */
  rules: string[];
  /** For whoever keeps the rules; names them. */
  message: string;
}

export function ruleProblem(kind: RuleProblemKind, rules: string[], message: string): RuleProblem {
  return { kind, severity: WARNINGS.has(kind) ? 'warning' : 'error', rules, message };
}

export enum RuleErrorId {
  UnprocessableEntity = 'UnprocessableEntityError',
}

const ruleError = errorsOf<RuleErrorId>({
  [RuleErrorId.UnprocessableEntity]: { status: 422, message: 'These rules cannot be in force together' },
});

/** The warnings among the problems. @throws ContractError 422 UnprocessableEntityError when there are errors */
export function warningsOrThrow(problems: readonly RuleProblem[]): RuleProblem[] {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    throw ruleError(RuleErrorId.UnprocessableEntity, {
      extras: {
        validationErrors: errors.map(({ kind, rules, message }) => ({ message, params: { problem: kind, rules } })),
      },
    });
  }
  return [...problems];
}
