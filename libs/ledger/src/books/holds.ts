import type { TransferContent } from '@level-one/transfer';
import type { Charge } from '../schema/charge.entity.js';

type Movement = Pick<TransferContent, 'debitAccount' | 'creditAccount' | 'amount'>;

/**
 * What has to be set aside on each account so that a transfer can be executed with its charges, in minor units: all
 * that goes out. What the credited account pays in charges comes first out of the amount it is credited; what it
 * receives as a charge covers nothing, so that a further charge never makes a hold smaller.
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
