import { type DataSource, type EntityManager, type EntityTarget, In, type ObjectLiteral } from 'typeorm';
import { inSlices, type KeptCopies, type KeptCopy, type Steps, partsOf } from '@level-one/work';
import { LiveRules, sortedMatches } from './live-rules.js';
import { groupsOf } from './rule-check.js';
import { type RuleProblem, ruleProblem, RuleProblemKind, warningsOrThrow } from './rule-problem.js';
import type { RuleRequest, VersionedRule } from './rule-scope.js';

/** Maximum of rules in force; more are taken as a mistake. */
export const RULES_MAX = 5_000;
/** Rows per statement, built in a few milliseconds. */
const INSERT_MAX = 100;

/** A version to be written. Its number is assigned; by default it is in force from now on. */
export type RuleDraft<Rule extends VersionedRule> = Omit<Rule, 'id' | 'version' | 'validFrom' | 'validTo'> &
  Partial<Pick<Rule, 'validFrom' | 'validTo'>>;

/** Result of a write. */
export interface RuleChange<Rule> {
  /** New versions. */
  added: Rule[];
  /** Versions whose end was set or brought forward. */
  ended: Rule[];
  /** Warnings about the given rules, and about others for which the change is the cause. */
  warnings: RuleProblem[];
}

/** Key of the copy of the live rules: they are kept together. */
const LIVE = 'live';
/** `$1` or the present. The database's clock is read once per statement. */
const MOMENT = '(SELECT coalesce($1::timestamptz, clock_timestamp()))';
/** Placeholder for the time of the change. */
const NOW = new Date(0);

interface HistoryChange<Rule extends VersionedRule> {
  drafts: readonly RuleDraft<Rule>[];
  /** When the version ends by this change; undefined: it does not. */
  endOf: (rule: Rule, start: Date) => Date | undefined;
  /** Default: now. */
  at: Date | undefined;
  /** Whether to roll back after the check. */
  isTrial?: boolean;
}

/** Rolls back the transaction of a trial. */
class TrialEnd extends Error {
  constructor(readonly problems: RuleProblem[]) {
    super('rolled back after a trial');
  }
}

/**
 * Rules of one kind with their history. A rule is never changed: a new version takes effect at a time that is not in
 * the past, and the old one ends there, so that past results can be computed again. Writers take turns; a write is
 * atomic; readers never wait, and have the live rules in memory.
 */
export class RuleHistory<Rule extends VersionedRule & ObjectLiteral> {
  private live: KeptCopy<LiveRules<Rule>> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly copies: KeptCopies,
    private readonly entity: EntityTarget<Rule>,
    /** Finds the problems of versions that are to be in force from a time on. */
    private readonly check: (rules: readonly Rule[], at: Date) => Steps<RuleProblem[]>,
  ) {}

  /** All rules in force at a time (default: now, by the database's clock), in the order in which they decide. */
  rulesInForce(at?: Date, within: EntityManager = this.dataSource.manager): Promise<Rule[]> {
    return this.readRules(
      `WHERE valid_from <= ${MOMENT} AND (valid_to IS NULL OR valid_to > ${MOMENT})
       ORDER BY priority, name LIMIT ${RULES_MAX}`,
      [at ?? null],
      within,
    );
  }

  /**
   * Rules in force at a time (default: now, by the database's clock) that match a request, in the order in which they
   * decide. Rules of the present and the future are in memory, those of the past are read.
   */
  async findMatching(request: RuleRequest, at?: Date): Promise<Rule[]> {
    const live = await this.liveCopy.read(LIVE);
    if (at === undefined || live.answersFor(at)) return live.findMatching(request, at);
    return sortedMatches(await this.rulesInForce(at), request);
  }

  /** All versions of a rule, oldest first. */
  versionsOf(name: string): Promise<Rule[]> {
    return this.readRules(`WHERE name = $1 ORDER BY version LIMIT ${RULES_MAX}`, [name], this.dataSource.manager);
  }

  /**
   * Replaces all rules from a time on (default: now). Unchanged rules stay; all others in force or planned end.
   *
   * @throws ContractError 422 UnprocessableEntityError with all problems of the check
   */
  replaceRules(drafts: readonly RuleDraft<Rule>[], { at }: { at?: Date } = {}): Promise<RuleChange<Rule>> {
    return this.changeRules({ drafts, at, endOf: (_rule, start) => start });
  }

  /**
   * Adds rules, or new versions of existing rules, which end at the start of the new one. Other rules stay.
   *
   * @throws ContractError 422 UnprocessableEntityError with all problems of the check
   */
  appendRules(drafts: readonly RuleDraft<Rule>[], { at }: { at?: Date } = {}): Promise<RuleChange<Rule>> {
    /** By name; undefined: when the change is made. */
    const firstStarts = new Map<string, Date[]>();
    for (const [name, versions] of groupsOf(drafts, (draft) => draft.name!)) {
      const given = versions.map(({ validFrom }) => validFrom).filter((moment) => moment !== undefined);
      const first = given.toSorted((one, other) => one.getTime() - other.getTime()).slice(0, 1);
      firstStarts.set(name, given.length < versions.length ? [...first, NOW] : first);
    }
    const endOf = (rule: Rule, start: Date): Date | undefined =>
      firstStarts
        .get(rule.name)
        ?.map((moment) => (moment === NOW ? start : moment))
        .toSorted((one, other) => one.getTime() - other.getTime())[0];
    return this.changeRules({ drafts, at, endOf });
  }

  /**
   * Ends rules by name (default: now).
   *
   * @throws ContractError 422 UnprocessableEntityError if the check finds problems in the remaining rules
   */
  withdrawRules(names: readonly string[], { at }: { at?: Date } = {}): Promise<RuleChange<Rule>> {
    return this.changeRules({
      drafts: [],
      at,
      endOf: (rule, start) => (names.includes(rule.name) ? start : undefined),
    });
  }

  /** Problems of these rules if they replaced all others from a time on. Writes nothing. */
  async checkReplacement(drafts: readonly RuleDraft<Rule>[], { at }: { at?: Date } = {}): Promise<RuleProblem[]> {
    try {
      await this.changeRules({ drafts, at, endOf: (_rule, start) => start, isTrial: true });
    } catch (error) {
      if (error instanceof TrialEnd) return error.problems;
      throw error;
    }
    return [];
  }

  private async changeRules(change: HistoryChange<Rule>): Promise<RuleChange<Rule>> {
    const changed = await this.changeWithin(change);
    this.copies.forget(this.metadata.tableName);
    return changed;
  }

  private changeWithin({ drafts, endOf, at, isTrial = false }: HistoryChange<Rule>): Promise<RuleChange<Rule>> {
    return this.dataSource.transaction(async (manager) => {
      const now = await this.takeTurn(manager);
      const start = at ?? now;
      const live = await this.liveAt(now, manager);
      const known = await inSlices(byContent(live));
      const versions = await this.lastVersions(drafts, manager);

      const { unchanged, added, early } = await inSlices(compareDrafts<Rule>({ drafts, known, versions, start, now }));
      const ended = live.flatMap((rule) => {
        const end = unchanged.has(rule) ? undefined : endOf(rule, start);
        if (end === undefined || (rule.validTo !== null && rule.validTo <= end)) return [];
        // A planned version ends at its own start, so it is never in force.
        return [{ ...rule, validTo: end > rule.validFrom ? end : rule.validFrom }];
      });

      const endings = new Map(ended.map((rule) => [rule.id, rule]));
      const kept = live.map((rule) => endings.get(rule.id) ?? rule).filter((rule) => isEver(rule) && isLive(rule, now));
      const next = [...kept, ...added];
      const found = next.length > RULES_MAX ? [] : await inSlices(this.check(next, now));
      const problems = withoutRepeats([...early, ...tooMany(next), ...found]);
      if (isTrial) throw new TrialEnd(problems);
      const warnings = await this.warningsOfChange(warningsOrThrow(problems), { drafts, live, now });
      await this.writeRules({ added, ended }, manager);
      return { added, ended, warnings };
    });
  }

  /** Warnings about this change: about its rules, or about others that did not have the problem before. */
  private async warningsOfChange(
    warnings: readonly RuleProblem[],
    { drafts, live, now }: { drafts: readonly RuleDraft<Rule>[]; live: readonly Rule[]; now: Date },
  ): Promise<RuleProblem[]> {
    const names: ReadonlySet<string | undefined> = new Set(drafts.map(({ name }) => name));
    const isOfDrafts = ({ rules }: RuleProblem): boolean => rules.some((name) => names.has(name));
    if (warnings.every(isOfDrafts)) return [...warnings];
    const known = new Set((await inSlices(this.check(live, now))).map(({ message }) => message));
    return warnings.filter((warning) => isOfDrafts(warning) || !known.has(warning.message));
  }

  /** Waits for other writers. @returns the time, in milliseconds. */
  private async takeTurn(manager: EntityManager): Promise<Date> {
    const { tablePath } = this.dataSource.getMetadata(this.entity);
    await manager.query(`LOCK TABLE ${tablePath} IN SHARE ROW EXCLUSIVE MODE`);
    const [row]: { now: Date }[] = await manager.query(`SELECT date_trunc('milliseconds', clock_timestamp()) AS now`);
    return row!.now;
  }

  /** Versions in force or planned. */
  private async liveAt(now: Date, manager: EntityManager): Promise<Rule[]> {
    const rules = await this.readRules('WHERE valid_to IS NULL OR valid_to > $1 ORDER BY id', [now], manager);
    return rules.filter(isEver);
  }

  /** Reads plain rows, because building thousands of entities takes too long. */
  private readRules(where: string, parameters: unknown[], manager: EntityManager): Promise<Rule[]> {
    const { tablePath, columns } = this.dataSource.getMetadata(this.entity);
    const names = columns.map(({ databaseName, propertyName }) => `"${databaseName}" AS "${propertyName}"`);
    return manager.query(`SELECT ${names.join(', ')} FROM ${tablePath} ${where}`, parameters);
  }

  private async lastVersions(drafts: readonly RuleDraft<Rule>[], manager: EntityManager): Promise<Map<string, number>> {
    const names = [...new Set(drafts.map(({ name }) => name))];
    if (names.length === 0) return new Map();
    const rows: { name: string; version: number }[] = await manager
      .createQueryBuilder(this.entity, 'rule')
      .select('rule.name', 'name')
      .addSelect('max(rule.version)', 'version')
      .where({ name: In(names) })
      .groupBy('rule.name')
      .getRawMany();
    return new Map(rows.map(({ name, version }) => [name, version]));
  }

  private async writeRules(
    { added, ended }: Pick<RuleChange<Rule>, 'added' | 'ended'>,
    manager: EntityManager,
  ): Promise<void> {
    const { tablePath } = this.dataSource.getMetadata(this.entity);
    await manager.query(
      `UPDATE ${tablePath} AS rule SET valid_to = ended.valid_to
       FROM unnest($1::bigint[], $2::timestamptz[]) AS ended (id, valid_to) WHERE rule.id = ended.id`,
      [ended.map(({ id }) => id), ended.map(({ validTo }) => validTo?.toISOString())],
    );
    for (const part of partsOf(added, INSERT_MAX)) {
      await manager.insert(this.entity, part);
    }
  }

  private get metadata() {
    return this.dataSource.getMetadata(this.entity);
  }

  private get liveCopy(): KeptCopy<LiveRules<Rule>> {
    this.live ??= this.keepLiveRules();
    return this.live;
  }

  private keepLiveRules(): KeptCopy<LiveRules<Rule>> {
    // A row without a rule says what the time is if there are no rules.
    const select = this.copies.statements.tableOf(this.entity).query<{ readAt: Date }>(`
      SELECT {columns}, clock.now AS "readAt" FROM (SELECT clock_timestamp() AS now) AS clock
      LEFT JOIN {table} ON valid_to IS NULL OR valid_to > clock.now`);
    const load = async (): Promise<LiveRules<Rule>> => {
      const rows = await select();
      return new LiveRules<Rule>(
        rows.filter(({ id }) => id !== null),
        rows[0]!.readAt,
      );
    };
    return this.copies.keep({ tables: [this.metadata.tableName], max: 1, load });
  }
}

interface Comparison<Rule extends VersionedRule> {
  drafts: readonly RuleDraft<Rule>[];
  known: ReadonlyMap<string, Rule[]>;
  /** Number of the last version by name. */
  versions: Map<string, number>;
  start: Date;
  now: Date;
}

/** Finds drafts that exist already, and turns the others into versions. */
function* compareDrafts<Rule extends VersionedRule>({
  drafts,
  known,
  versions,
  start,
  now,
}: Comparison<Rule>): Steps<{
  unchanged: Set<Rule>;
  added: Rule[];
  early: RuleProblem[];
}> {
  const unchanged = new Set<Rule>();
  const added: Rule[] = [];
  const early: RuleProblem[] = start < now ? [inThePast('A change of rules', start)] : [];
  for (const draft of drafts) {
    yield;
    const rule = { ...draft, validFrom: draft.validFrom ?? start, validTo: draft.validTo ?? null } as unknown as Rule;
    const same = known.get(contentOf(rule))?.find(({ validFrom }) => isBegun(validFrom, draft, start));
    if (same) {
      unchanged.add(same);
      continue;
    }
    if (rule.validFrom < start) early.push(inThePast(`Rule "${rule.name}"`, rule.validFrom, rule.name));
    rule.version = (versions.get(rule.name) ?? 0) + 1;
    versions.set(rule.name, rule.version);
    added.push(rule);
  }
  return { unchanged, added, early };
}

function isBegun(known: Date, { validFrom }: { validFrom?: Date | undefined }, start: Date): boolean {
  return validFrom === undefined ? known <= start : known.getTime() === validFrom.getTime();
}

/** Live rules by content. A valid set has at most one rule per content and end. */
function* byContent<Rule extends VersionedRule>(rules: readonly Rule[]): Steps<Map<string, Rule[]>> {
  const known = new Map<string, Rule[]>();
  for (const rule of rules) {
    const content = contentOf(rule);
    known.set(content, [...(known.get(content) ?? []), rule]);
    yield;
  }
  return known;
}

/** The content of a rule without its start. */
function contentOf(rule: VersionedRule): string {
  const { id: _id, version: _version, validFrom: _validFrom, ...content } = rule;
  return JSON.stringify(Object.entries(content).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function isEver({ validFrom, validTo }: VersionedRule): boolean {
  return validTo === null || validFrom < validTo;
}

function isLive({ validTo }: VersionedRule, now: Date): boolean {
  return validTo === null || validTo > now;
}

function inThePast(what: string, moment: Date, name?: string): RuleProblem {
  const message = `${what} cannot begin in the past, at ${moment.toISOString()}`;
  return ruleProblem(RuleProblemKind.Value, name === undefined ? [] : [name], message);
}

/** Several versions of a rule may have the same problem; it is reported once. */
function withoutRepeats(problems: readonly RuleProblem[]): RuleProblem[] {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}

function tooMany(rules: readonly unknown[]): RuleProblem[] {
  if (rules.length <= RULES_MAX) return [];
  return [ruleProblem(RuleProblemKind.Value, [], `There are ${rules.length} rules, at most ${RULES_MAX} are allowed`)];
}
