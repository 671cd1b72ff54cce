import { errorsOf } from '@level-one/errors';

/** Kinds of problems of a set of rules. */
export enum RuleProblemKind {
  /** An invalid value: negative, not a number, more decimals than the ledger's scale, more than 100 %. */
  Value = 'value',
  /** A lower bound above its upper bound, or an end before the start. */
  Inverted = 'inverted',
  /** Two versions of one rule in force at the same time. */
  Name = 'name',
  /** Two rules of equal rank for the same transfer. */
  Overlap = 'overlap',
  /** A rule that never decides anything. */
  Unreachable = 'unreachable',
  /** Amounts below the first tier of a tariff. A warning. */
  Gap = 'gap',
  /** A limit that a lower one hides, or a rule in another currency than the ledger's. A warning. */
  Pointless = 'pointless',
  /** A commission above the fees of the same payment. A warning. */
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
  /** Names of the rules concerned. */
  rules: string[];
  /** Text for the operator, with the names of the rules. */
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

/** @returns the warnings among the problems. @throws ContractError 422 UnprocessableEntityError if there are errors */
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
