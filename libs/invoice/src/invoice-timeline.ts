import { stateTimes, type TimelineSource } from '@level-one/work';

const EXPIRY = { column: 'expires_at', isOpen: `row.status = 'pending'` };

/** Times of an invoice at its issuer. @param rows `SELECT` of invoices of the payment `$1` */
export function invoiceTimeline(rows: string): TimelineSource {
  return {
    of: 'invoice',
    rows,
    id: 'row.id',
    times: stateTimes({
      state: 'status',
      since: 'created_at',
      words: {
        pending: 'The invoice can be paid',
        approved: 'A payment of the invoice is under way',
        executed: 'The invoice is paid',
        rejected: 'The client rejected the invoice',
        cancelled: 'The merchant cancelled the invoice',
        expired: 'The invoice expired',
      },
      expiry: EXPIRY,
    }),
  };
}

/** Times of a notification at the client's DFSP. @param rows `SELECT` of notifications of the payment `$1` */
export function notificationTimeline(rows: string): TimelineSource {
  return {
    of: 'notification',
    rows,
    id: 'row.id',
    times: stateTimes({
      state: 'status',
      since: 'created_at',
      words: {
        pending: 'The client was notified of the invoice',
        executed: 'The notification is over: its invoice is paid',
        rejected: 'The client rejected the invoice',
        cancelled: 'The notification is over: its invoice was cancelled',
        expired: 'The notification is over: its invoice expired',
      },
      attempt: { kind: 'sweep', what: 'The invoice was read again at its issuer' },
      expiry: EXPIRY,
    }),
  };
}
