import { sqlText, stateTimes, type TimelineSource } from '@level-one/work';

/** What an SPSP client keeps of a payment. */
export const SPSP_CLIENT_TIMELINE: readonly TimelineSource[] = [
  {
    of: 'setup',
    rows: 'SELECT * FROM setups WHERE payment_id = $1',
    id: 'row.payment_id',
    times: [{ at: 'row.created_at', what: sqlText("The payment was set up at the payee's DFSP"), state: `'setUp'` }],
  },
  {
    of: 'payment',
    rows: 'SELECT * FROM payments WHERE id = $1',
    id: 'row.id',
    times: stateTimes({
      state: 'status',
      since: 'created_at',
      words: {
        pending: "The payment is stored; its transfer goes to the DFSP's ledger",
        executed: "The DFSP's ledger executed the transfer; the fulfilment is kept",
        rejected: "The DFSP's ledger rejected the transfer, or refused it",
        expired: "The DFSP's ledger ended the transfer because its time was over",
      },
      endDetail: `coalesce(row.refusal -> 'body' ->> 'id', row.rejection_message ->> 'message')`,
    }),
  },
];
