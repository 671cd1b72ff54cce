import { sqlText, sqlWords, type TimelineSource } from '@level-one/work';

/** What an SPSP server keeps of a payment. */
export const SPSP_SERVER_TIMELINE: readonly TimelineSource[] = [
  {
    of: 'issued-payment',
    rows: 'SELECT * FROM issued_payments WHERE payment_id = $1',
    id: 'row.payment_id',
    times: [
      { at: 'row.issued_at', what: `'Condition and packet of the payment were issued'`, state: `'issued'` },
      {
        at: 'row.ended_at',
        what: sqlWords('row.outcome', {
          executed: 'The transfer to the payee was executed',
          rejected: 'The transfer to the payee was rejected',
          expired: 'The transfer to the payee expired, or never came',
        }),
        state: 'row.outcome',
      },
      {
        each: 'jsonb_array_elements(row.state_times)',
        at: `CASE WHEN item ->> 'error' IS NOT NULL THEN (item ->> 'at')::timestamptz END`,
        kind: `'retry'`,
        what: sqlText("The DFSP's API could not be notified of the end"),
        state: 'row.outcome',
        detail: `'attempt ' || (item ->> 'attempts') || ': ' || (item ->> 'error')`,
      },
      { at: 'row.told_at', what: sqlText("The DFSP's API knows the end of the payment"), state: `'told'` },
      {
        at: 'row.given_up_at',
        what: sqlText("The DFSP's API could not be notified; it is not tried again by itself"),
        state: `'undeliverable'`,
        detail: 'row.tell_error_id',
      },
    ],
  },
];
