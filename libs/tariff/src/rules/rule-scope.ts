import type { QuoteSide, TransferType } from '@level-one/quote';

/** What a rule holds for, and when (contract 5.3); null = whatever it is. */
export interface RuleScope {
  transferType: TransferType | null;
  /** ISO-4217 alpha-3. */
  currency: string;
  side: QuoteSide | null;
  payerIdentifier: string | null;
  payeeIdentifier: string | null;
  /** The lowest number goes first. */
  priority: number;
  /** In force from this moment on … */
  validFrom: Date;
  /** … and before this one; null = until further notice. */
  validTo: Date | null;
}

/** What a rule is looked for. A rule that names what is not told here does not hold. */
export interface RuleRequest {
  transferType: TransferType;
  /** ISO-4217 alpha-3. */
  currency: string;
  /** Whose DFSP asks. */
  side?: QuoteSide;
  payerIdentifier?: string;
  payeeIdentifier?: string;
}

/** What a rule has of its own to be kept with its history. */
export interface VersionedRule extends RuleScope {
  id: string;
  /** The rule's name, the same through all its versions. */
  name: string;
  /** 1 and up. */
  version: number;
}

type Validity = Pick<RuleScope, 'validFrom' | 'validTo'>;

/** Members of a rule that are conditions, where they are not null. */
export const SCOPE_CONDITIONS = ['transferType', 'side', 'payerIdentifier', 'payeeIdentifier'] as const;

/** Whether a rule's conditions hold for a request; when it is in force is another question. */
export function matches(rule: RuleScope, request: RuleRequest): boolean {
  return (
    rule.currency === request.currency &&
    SCOPE_CONDITIONS.every((condition) => rule[condition] === null || rule[condition] === request[condition])
  );
}

/** For people: "p2p in USD, payer 123, from 2026-01-01T00:00:00.000Z". */
export function describeScope(rule: RuleScope): string {
  const parts = [`${rule.transferType ?? 'any type'} in ${rule.currency}`];
  if (rule.side !== null) parts.push(`${rule.side} side`);
  if (rule.payerIdentifier !== null) parts.push(`payer ${rule.payerIdentifier}`);
  if (rule.payeeIdentifier !== null) parts.push(`payee ${rule.payeeIdentifier}`);
  return `${parts.join(', ')}, priority ${rule.priority}`;
}

/** In milliseconds. */
export function startOf({ validFrom }: Validity): number {
  return validFrom.getTime();
}

/** In milliseconds; infinite where there is no end. */
export function endOf({ validTo }: Validity): number {
  return validTo?.getTime() ?? Infinity;
}

/** Whether a rule holds for every request, and at every moment, that another one holds for. */
export function holdsWherever(rule: RuleScope, other: RuleScope): boolean {
  return (
    rule.currency === other.currency &&
    SCOPE_CONDITIONS.every((condition) => rule[condition] === null || rule[condition] === other[condition]) &&
    startOf(rule) <= startOf(other) &&
    endOf(other) <= endOf(rule)
  );
}
