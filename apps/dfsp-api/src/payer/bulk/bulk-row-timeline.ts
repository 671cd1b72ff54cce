import { stateTimes, type TimelineSource } from '@level-one/work';

/** The row of a list of payments that a payment is made of. */
export const BULK_ROW_TIMELINE: TimelineSource = {
  of: 'bulk-payment-row',
  rows: `SELECT row.*, list.created_at FROM bulk_payment_rows AS row JOIN bulk_payments AS list ON list.id = row.bulk_id
    WHERE row.payment_id = $1`,
  id: `row.bulk_id || '/' || row.line`,
  times: stateTimes({
    state: 'status',
    since: 'created_at',
    words: {
      waiting: 'The list of payments was handed in',
      checked: 'The row of the list was checked: payee and price are known',
      refused: 'The row of the list was refused',
      paying: 'The row of the list is being paid',
      paid: 'The row of the list is paid',
      failed: 'The row of the list failed',
      cancelled: 'The list was cancelled before the row was paid',
    },
    attempt: { kind: 'retry', what: 'The row of the list is tried again later' },
  }),
};
