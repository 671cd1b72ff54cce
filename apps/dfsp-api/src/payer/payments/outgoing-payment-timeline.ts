import { sqlAmount, stateTimes, type TimelineSource } from '@level-one/work';
import type { DfspApiSettings } from '../../dfsp-api.settings.js';

/** What is kept of a payment of this DFSP's client. */
export function outgoingPaymentTimeline({ currency, scale }: DfspApiSettings): TimelineSource {
  return {
    of: 'payment',
    rows: 'SELECT * FROM outgoing_payments WHERE payment_id = $1',
    id: 'row.payment_id',
    times: stateTimes({
      state: 'status',
      since: 'created_at',
      ended: 'ended_at',
      words: {
        settingUp: "The payer approved the payment; it is set up with the payee's DFSP",
        paying: 'The payment is sent: its transfer is prepared, or may be',
        executed: 'The payment was executed: the payee has the money',
        rejected: 'The payment was rejected: no money has moved',
        expired: 'The payment expired: no money has moved',
        failed: 'The payment failed before it was sent: no money has moved',
      },
      detail: `row.account || ' pays ' || ${sqlAmount('row.amount', scale)} || ' ${currency}, fee '
        || ${sqlAmount('row.fee', scale)} || ' ${currency}'`,
      endDetail: `row.rejection_message ->> 'message'`,
    }),
  };
}
