import { sqlAmount, stateTimes, type TimelineSource } from '@level-one/work';
import type { DfspApiSettings } from '../../dfsp-api.settings.js';

/** What is kept of a payment to this DFSP's customer. */
export function receiverPaymentTimeline({ currency, scale }: DfspApiSettings): TimelineSource {
  return {
    of: 'incoming-payment',
    rows: 'SELECT * FROM receiver_payments WHERE payment_id = $1',
    id: 'row.payment_id',
    times: stateTimes({
      state: 'status',
      since: 'created_at',
      ended: 'ended_at',
      words: {
        proposed: "The payment to the payee was set up by the payer's DFSP",
        prepared: "Its transfer arrived on this DFSP's ledger and was approved",
        executed: 'The payment was executed: the payee has the money',
        rejected: 'The payment was rejected: no money has moved',
        expired: 'The payment expired: no money has moved',
      },
      detail: `${sqlAmount('row.amount', scale)} || ' ${currency}' || coalesce(', from ' || row.from_dfsp, '')`,
      endDetail: `row.rejection_message ->> 'message'`,
    }),
  };
}
