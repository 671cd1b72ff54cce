import { CommonErrorId, commonError } from '@level-one/platform';
import type {
  FeeRule,
  FeeRules,
  LimitRule,
  Limits,
  RuleChange,
  RuleDraft,
  RuleHistory,
  RuleProblem,
  VersionedRule,
} from '@level-one/tariff';
import { inSlices, mapSteps } from '@level-one/work';
import type { ObjectLiteral } from 'typeorm';
import type { FeeRuleDto, LimitRuleDto, RulesQueryDto, StoredFeeRuleDto, StoredLimitRuleDto } from './rule.dto.js';
import { feeRuleDraft, limitRuleDraft, storedRule } from './rule-mapping.js';

/** Result of a change of rules, as the routes answer it. */
export interface PresentedChange<Told> {
  added: Told[];
  ended: Told[];
  warnings: RuleProblem[];
}

/** When a change of rules begins. */
export interface ChangeRequest {
  /** ISO-8601; now when absent. */
  validFrom?: string | undefined;
}

/** Reads and changes one kind of rules, fees or limits, for the routes. */
export class RuleAdministration<Rule extends VersionedRule & ObjectLiteral, Dto, Told extends Dto> {
  constructor(
    private readonly history: RuleHistory<Rule>,
    private readonly draftOf: (dto: Dto) => RuleDraft<Rule>,
  ) {}

  /** Rules in force at a moment (default: now), by precedence. */
  async rulesInForce({ at, transferType, currency, side, offset = '0', limit }: RulesQueryDto = {}): Promise<Told[]> {
    const rules = await this.history.rulesInForce(momentIn(at));
    const asked = rules
      .filter((rule) => transferType === undefined || (rule.transferType ?? transferType) === transferType)
      .filter((rule) => side === undefined || (rule.side ?? side) === side)
      .filter((rule) => currency === undefined || rule.currency === currency);
    const from = Number(offset);
    const page = asked.slice(from, limit === undefined ? undefined : from + Number(limit));
    return inSlices(mapSteps(page, storedRule<Rule, Told>));
  }

  /** @throws ContractError 404 NotFoundError */
  async versionsOf(name: string): Promise<Told[]> {
    const versions = await this.history.versionsOf(name);
    if (versions.length === 0)
      throw commonError(CommonErrorId.NotFound, { message: 'There is no rule with this name' });
    return inSlices(mapSteps(versions, storedRule<Rule, Told>));
  }

  /** @throws ContractError 422 UnprocessableEntityError with every problem of the rules */
  async replaceRules(rules: readonly Dto[], { validFrom }: ChangeRequest): Promise<PresentedChange<Told>> {
    return presentedChange<Rule, Told>(
      await this.history.replaceRules(await this.draftsOf(rules), optionsAt(validFrom)),
    );
  }

  /** @throws ContractError 422 UnprocessableEntityError with every problem of the rules */
  async appendRules(rules: readonly Dto[], { validFrom }: ChangeRequest): Promise<PresentedChange<Told>> {
    return presentedChange<Rule, Told>(
      await this.history.appendRules(await this.draftsOf(rules), optionsAt(validFrom)),
    );
  }

  /** @throws ContractError 404 NotFoundError; 422 UnprocessableEntityError if the remaining rules are invalid */
  async withdrawRule(name: string, at?: string): Promise<PresentedChange<Told>> {
    const change = await presentedChange<Rule, Told>(await this.history.withdrawRules([name], optionsAt(at)));
    if (change.ended.length === 0) throw commonError(CommonErrorId.NotFound, { message: 'No such rule is in force' });
    return change;
  }

  /** Problems that these rules would have in place of all others; nothing is stored. */
  async checkRules(rules: readonly Dto[], { validFrom }: ChangeRequest): Promise<{ problems: RuleProblem[] }> {
    return { problems: await this.history.checkReplacement(await this.draftsOf(rules), optionsAt(validFrom)) };
  }

  private draftsOf(rules: readonly Dto[]): Promise<RuleDraft<Rule>[]> {
    return inSlices(mapSteps(rules, (rule) => this.draftOf(rule)));
  }
}

async function presentedChange<Rule extends VersionedRule, Told>(
  change: RuleChange<Rule>,
): Promise<PresentedChange<Told>> {
  return {
    added: await inSlices(mapSteps(change.added, storedRule<Rule, Told>)),
    ended: await inSlices(mapSteps(change.ended, storedRule<Rule, Told>)),
    warnings: change.warnings,
  };
}

function momentIn(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

function optionsAt(text: string | undefined): { at?: Date } {
  const at = momentIn(text);
  return at === undefined ? {} : { at };
}

/** Rules of fees and commissions; `currency` is the ledger's. */
export function feeRuleAdministration(fees: FeeRules, currency: string) {
  return new RuleAdministration<FeeRule, FeeRuleDto, StoredFeeRuleDto>(fees.history, (rule) =>
    feeRuleDraft(rule, currency),
  );
}

/** Rules of limits; `currency` is the ledger's. */
export function limitRuleAdministration(limits: Limits, currency: string) {
  return new RuleAdministration<LimitRule, LimitRuleDto, StoredLimitRuleDto>(limits.history, (rule) =>
    limitRuleDraft(rule, currency),
  );
}
