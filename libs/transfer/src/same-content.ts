import { isDeepStrictEqual } from 'node:util';
import { sameCondition } from '@level-one/ilp';
import type { TransferContent } from './transfer.entity.js';

/**
 * Whether two requests with one id have the same content, so that the second repeats the first (contract 3.4). Amounts
 * and times are compared by value, conditions in any spelling, memos without the order of members.
 */
export function isSameContent(a: TransferContent, b: TransferContent): boolean {
  return (
    a.id === b.id &&
    a.debitAccount === b.debitAccount &&
    a.creditAccount === b.creditAccount &&
    a.amount === b.amount &&
    a.expiresAt?.getTime() === b.expiresAt?.getTime() &&
    isSameCondition(a.executionCondition, b.executionCondition) &&
    isSameCondition(a.cancellationCondition, b.cancellationCondition) &&
    isDeepStrictEqual(a.debitMemo, b.debitMemo) &&
    isDeepStrictEqual(a.creditMemo, b.creditMemo) &&
    isDeepStrictEqual(a.additionalInfo, b.additionalInfo)
  );
}

function isSameCondition(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return a === b;
  return a === b || sameCondition(a, b);
}
