import type { TransferContent } from '@level-one/transfer';
import type { Charge } from '../schema/charge.entity.js';

type Movement = Pick<TransferContent, 'debitAccount' | 'creditAccount' | 'amount'>;

/**
 * Amounts that must be held on each account so that a transfer and its charges can be executed, in minor units. Charges
 * that the credited account pays are first covered by the amount it is credited. Charges that an account receives cover
 * nothing, so that a further charge never makes a hold smaller.
 */
export function holdsOf(transfer: Movement, charges: readonly Charge[]): Map<string, bigint> {
  const holds = new Map([[transfer.debitAccount, transfer.amount]]);
  if (charges.length === 0) return holds;
  for (const { debitAccount, amount } of charges) holds.set(debitAccount, (holds.get(debitAccount) ?? 0n) + amount);
  const ofPayee = holds.get(transfer.creditAccount);
  if (ofPayee === undefined || transfer.creditAccount === transfer.debitAccount) return holds;
  if (ofPayee > transfer.amount) holds.set(transfer.creditAccount, ofPayee - transfer.amount);
  else holds.delete(transfer.creditAccount);
  return holds;
}
