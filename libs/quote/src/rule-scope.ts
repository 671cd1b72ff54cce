import type { QuoteSide } from './quote-side.js';
import { TransferType } from './transfer-type.js';

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

const CONDITIONS = ['transferType', 'side', 'payerIdentifier', 'payeeIdentifier'] as const;

/** Whether a rule's conditions hold for a request; when it is in force is another question. */
export function matches(rule: RuleScope, request: RuleRequest): boolean {
  return (
    rule.currency === request.currency &&
    CONDITIONS.every((condition) => rule[condition] === null || rule[condition] === request[condition])
  );
}

/** Whether there is a request, and a moment, that both rules hold for. Of many rules, each meets each: no closures. */
export function canMeet(one: RuleScope, other: RuleScope): boolean {
  return (
    one.currency === other.currency &&
    areCompatible(one.transferType, other.transferType) &&
    areCompatible(one.side, other.side) &&
    areCompatible(one.payerIdentifier, other.payerIdentifier) &&
    areCompatible(one.payeeIdentifier, other.payeeIdentifier) &&
    areAtOneTime(one, other)
  );
}

/** Whether there is a moment at which both rules are in force. */
export function areAtOneTime(one: Validity, other: Validity): boolean {
  return startOf(one) < endOf(other) && startOf(other) < endOf(one);
}

function areCompatible(one: string | null, other: string | null): boolean {
  return one === null || other === null || one === other;
}

/** Whether one of the others holds for each request, at each moment, that the rule holds for. */
export function isCovered(rule: RuleScope, others: readonly RuleScope[]): boolean {
  // There are always numbers that no rule names, so only a rule for all of them covers a rule for all of them.
  const able = others.filter(
    (other) =>
      other.currency === rule.currency &&
      (other.payerIdentifier ?? rule.payerIdentifier) === rule.payerIdentifier &&
      (other.payeeIdentifier ?? rule.payeeIdentifier) === rule.payeeIdentifier &&
      (other.side ?? rule.side) === rule.side,
  );
  const types = rule.transferType === null ? Object.values(TransferType) : [rule.transferType];
  return types.every((type) => {
    const ofType = able.filter(({ transferType }) => transferType === null || transferType === type);
    return coversTime(rule, ofType);
  });
}

/** For people: "p2p in USD, payer 123, from 2026-01-01T00:00:00.000Z". */
export function describeScope(rule: RuleScope): string {
  const parts = [`${rule.transferType ?? 'any type'} in ${rule.currency}`];
  if (rule.side !== null) parts.push(`${rule.side} side`);
  if (rule.payerIdentifier !== null) parts.push(`payer ${rule.payerIdentifier}`);
  if (rule.payeeIdentifier !== null) parts.push(`payee ${rule.payeeIdentifier}`);
  return `${parts.join(', ')}, priority ${rule.priority}`;
}

function coversTime(rule: RuleScope, others: readonly RuleScope[]): boolean {
  let covered = startOf(rule);
  for (const other of others.toSorted((one, another) => startOf(one) - startOf(another))) {
    if (startOf(other) > covered) return false;
    covered = Math.max(covered, endOf(other));
    if (covered >= endOf(rule)) return true;
  }
  return false;
}

function startOf({ validFrom }: Validity): number {
  return validFrom.getTime();
}

function endOf({ validTo }: Validity): number {
  return validTo?.getTime() ?? Infinity;
}
