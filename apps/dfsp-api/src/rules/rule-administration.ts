import { CommonErrorId, commonError } from '@level-one/platform';
import type { RuleChange, RuleDraft, RuleHistory, RuleProblem, VersionedRule } from '@level-one/quote';
import type { ObjectLiteral } from 'typeorm';
import { storedRule } from './rule-mapping.js';

type Told = Record<string, unknown>;

/** What a change of rules did, as it is told. */
export interface ToldChange {
  added: Told[];
  ended: Told[];
  warnings: RuleProblem[];
}

/** A change that is asked for. */
export interface ChangeRequest {
  /** ISO-8601; now when absent. */
  validFrom?: string | undefined;
}

/** The routes' view of one kind of rules. */
export class RuleAdministration<Rule extends VersionedRule & ObjectLiteral, Dto> {
  constructor(
    private readonly history: RuleHistory<Rule>,
    private readonly draftOf: (dto: Dto) => RuleDraft<Rule>,
  ) {}

  /** In force at a moment (default: now), in the order in which they decide. */
  async inForce(at?: string): Promise<Told[]> {
    return (await this.history.inForce(momentIn(at))).map(storedRule);
  }

  /** @throws ContractError 404 NotFoundError */
  async versionsOf(name: string): Promise<Told[]> {
    const versions = await this.history.versionsOf(name);
    if (versions.length === 0) throw commonError(CommonErrorId.NotFound, { message: 'There is no such rule' });
    return versions.map(storedRule);
  }

  /** @throws ContractError 422 UnprocessableEntityError with everything that is wrong with them */
  async replace(rules: readonly Dto[], { validFrom }: ChangeRequest): Promise<ToldChange> {
    return told(await this.history.replace(this.drafts(rules), options(validFrom)));
  }

  /** @throws ContractError 422 UnprocessableEntityError with everything that is wrong with them */
  async append(rules: readonly Dto[], { validFrom }: ChangeRequest): Promise<ToldChange> {
    return told(await this.history.append(this.drafts(rules), options(validFrom)));
  }

  /** @throws ContractError 404 NotFoundError; 422 UnprocessableEntityError when what is left is wrong */
  async withdraw(name: string, at?: string): Promise<ToldChange> {
    const change = told(await this.history.withdraw([name], options(at)));
    if (change.ended.length === 0) throw commonError(CommonErrorId.NotFound, { message: 'No such rule is in force' });
    return change;
  }

  /** What would be wrong with these in place of all others; nothing is written. */
  async check(rules: readonly Dto[], { validFrom }: ChangeRequest): Promise<{ problems: RuleProblem[] }> {
    return { problems: await this.history.tryOut(this.drafts(rules), options(validFrom)) };
  }

  private drafts(rules: readonly Dto[]): RuleDraft<Rule>[] {
    return rules.map((rule) => this.draftOf(rule));
  }
}

function told<Rule extends VersionedRule>({ added, ended, warnings }: RuleChange<Rule>): ToldChange {
  return { added: added.map(storedRule), ended: ended.map(storedRule), warnings };
}

function momentIn(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

function options(text: string | undefined): { at?: Date } {
  const at = momentIn(text);
  return at === undefined ? {} : { at };
}
