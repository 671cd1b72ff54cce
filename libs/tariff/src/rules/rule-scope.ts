import type { QuoteSide, TransferType } from '@level-one/quote';

/** Scope and validity of a rule (contract 5.3); null: any. */
export interface RuleScope {
  transferType: TransferType | null;
  /** ISO-4217 alpha-3. */
  currency: string;
  side: QuoteSide | null;
  payerIdentifier: string | null;
  payeeIdentifier: string | null;
  /** The lowest number decides first. */
  priority: number;
  /** In force from this moment on, inclusive. */
  validFrom: Date;
  /** In force before this moment, exclusive; null: without end. */
  validTo: Date | null;
}

/** Request that rules are matched with. A rule with a condition on a member that is absent here does not match. */
export interface RuleRequest {
  transferType: TransferType;
  /** ISO-4217 alpha-3. */
  currency: string;
  /** Side of the requesting DFSP. */
  side?: QuoteSide;
  payerIdentifier?: string;
  payeeIdentifier?: string;
}

/** Columns of every rule with a history. */
export interface VersionedRule extends RuleScope {
  id: string;
  /** Name of the rule, the same in all versions. */
  name: string;
  /** From 1. */
  version: number;
}

type Validity = Pick<RuleScope, 'validFrom' | 'validTo'>;

/** Members of a rule that are conditions unless null. */
export const SCOPE_CONDITIONS = ['transferType', 'side', 'payerIdentifier', 'payeeIdentifier'] as const;

/** Whether a rule's conditions match a request; validity is not checked. */
export function matchesRequest(rule: RuleScope, request: RuleRequest): boolean {
  return (
    rule.currency === request.currency &&
    SCOPE_CONDITIONS.every((condition) => rule[condition] === null || rule[condition] === request[condition])
  );
}

/** Text such as "p2p in USD, payer 123, from 2026-01-01T00:00:00.000Z". */
export function describeScope(rule: RuleScope): string {
  const parts = [`${rule.transferType ?? 'any type'} in ${rule.currency}`];
  if (rule.side !== null) parts.push(`${rule.side} side`);
  if (rule.payerIdentifier !== null) parts.push(`payer ${rule.payerIdentifier}`);
  if (rule.payeeIdentifier !== null) parts.push(`payee ${rule.payeeIdentifier}`);
  return `${parts.join(', ')}, priority ${rule.priority}`;
}

/** Unix time in ms. */
export function startOf({ validFrom }: Validity): number {
  return validFrom.getTime();
}

/** Unix time in ms; infinite without an end. */
export function endOf({ validTo }: Validity): number {
  return validTo?.getTime() ?? Infinity;
}

/** Whether a rule matches every request at every moment that another one matches. */
export function holdsWherever(rule: RuleScope, other: RuleScope): boolean {
  return (
    rule.currency === other.currency &&
    SCOPE_CONDITIONS.every((condition) => rule[condition] === null || rule[condition] === other[condition]) &&
    startOf(rule) <= startOf(other) &&
    endOf(other) <= endOf(rule)
  );
}
