import type { PaymentRecord } from '../api/phones';
import { addAmounts } from '../ui/money';

/** By how much a payment changes the balance of this DFSP's customer: with the fee of who pays or is paid. */
export function movedAmount({ side, amount, fee, receiveAmount }: PaymentRecord): string {
  return side === 'debit' ? addAmounts(amount, fee ?? '0') : (receiveAmount ?? amount);
}
