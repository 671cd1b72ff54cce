import type { RuleRequest, VersionedRule } from './rule-scope.js';
import { matchesRequest } from './rule-scope.js';

/** Versions of rules in force or planned, as they were read at one moment. They answer for this moment and later ones. */
export class LiveRules<Rule extends VersionedRule> {
  private readonly byScope = new Map<string, Rule[]>();
  private readonly readSince = performance.now();

  constructor(
    rules: readonly Rule[],
    /** When they were read, by the database's clock. */
    private readonly readAt: Date,
  ) {
    for (const rule of rules) {
      const scope = scopeOf(rule.currency, rule.payerIdentifier, rule.payeeIdentifier);
      const others = this.byScope.get(scope);
      if (others) others.push(rule);
      else this.byScope.set(scope, [rule]);
    }
  }

  /** The present by the database's clock: rules begin and end by it, whatever the clock of this instance says. */
  get now(): Date {
    return new Date(this.readAt.getTime() + performance.now() - this.readSince);
  }

  /** Whether it knows all versions that were in force at this moment. */
  answersFor(moment: Date): boolean {
    return moment >= this.readAt;
  }

  /** Rules in force at a moment that match a request, in the order in which they decide. */
  findMatching(request: RuleRequest, moment = this.now): Rule[] {
    const { currency, payerIdentifier = null, payeeIdentifier = null } = request;
    const payers = new Set([null, payerIdentifier]);
    const payees = new Set([null, payeeIdentifier]);
    const scopes = [...payers].flatMap((payer) => [...payees].map((payee) => scopeOf(currency, payer, payee)));
    const rules = scopes.flatMap((scope) => this.byScope.get(scope) ?? []);
    return sortedMatches(
      rules.filter((rule) => isInForce(rule, moment)),
      request,
    );
  }
}

/** Rules that match a request, in the order in which they decide. */
export function sortedMatches<Rule extends VersionedRule>(rules: readonly Rule[], request: RuleRequest): Rule[] {
  return rules
    .filter((rule) => matchesRequest(rule, request))
    .toSorted((one, other) => one.priority - other.priority || (one.name < other.name ? -1 : 1));
}

function isInForce({ validFrom, validTo }: VersionedRule, moment: Date): boolean {
  return validFrom <= moment && (validTo === null || validTo > moment);
}

function scopeOf(currency: string, payer: string | null, payee: string | null): string {
  return JSON.stringify([currency, payer, payee]);
}
