import { rejectionMessage } from '@level-one/ilp';
import { ANY_UNIT, parseAmount } from '@level-one/money';
import { accountNameOf, type WireTransfer, type WireTransferPart } from '@level-one/peers';
import type { PaymentEnd, PaymentRefusal } from '../store/payment.entity.js';

const EXPIRED = 'expired';

function isSamePart(a: WireTransferPart | undefined, b: WireTransferPart | undefined): boolean {
  if (!a || !b || accountNameOf(a.account) !== accountNameOf(b.account)) return false;
  try {
    return parseAmount(a.amount, ANY_UNIT) === parseAmount(b.amount, ANY_UNIT);
  } catch {
    return false;
  }
}

/** Whether a transfer of the ledger is the one that was sent, and not another one with the same id. */
export function isSameTransfer(sent: WireTransfer, told: WireTransfer): boolean {
  return (
    sent.execution_condition === told.execution_condition &&
    isSamePart(sent.debits[0], told.debits?.[0]) &&
    isSamePart(sent.credits[0], told.credits?.[0])
  );
}

/** Whether a connector sent a transfer, which notes the amount of the one before it: then it is no T1 of this role. */
export function isForwarded({ debits }: WireTransfer): boolean {
  return debits?.[0]?.memo?.['source_transfer_amount'] !== undefined;
}

/** How a rejected T1 ended its payment (R4, R5); the payee's reason is passed on as it is. */
export function endOfRejected(transfer: WireTransfer): PaymentEnd {
  const reason = transfer.rejection_reason ?? undefined;
  if (reason === EXPIRED) return { status: 'expired' };
  const message = transfer.credits?.[0]?.rejection_message ?? { message: reason ?? 'The payment was rejected' };
  return { status: 'rejected', rejectionMessage: message };
}

/** How a payment ends whose T1 the own ledger refused. */
export function endOfRefused(refusal: PaymentRefusal, ledgerUrl: string, at: Date): PaymentEnd {
  const { id, message } = refusal.body;
  const reason = rejectionMessage({
    code: id === 'ExpiredTransferError' ? 'R00' : 'F99',
    message,
    triggeredBy: ledgerUrl,
    triggeredAt: at,
    additionalInfo: { id, message },
  });
  return { status: 'rejected', rejectionMessage: { ...reason }, refusal };
}

/** Which hop an update of T1 is: executed (V.H), rejected (R4) or expired (R5). */
export function updateHop(transfer: WireTransfer): 'V.H' | 'R4' | 'R5' | undefined {
  if (transfer.state === 'executed') return 'V.H';
  if (transfer.state !== 'rejected') return undefined;
  return transfer.rejection_reason === EXPIRED ? 'R5' : 'R4';
}
