import { stateTimes, type TimelineSource } from '@level-one/work';

/** How a payment counts in limits. Of reservations from before `reserved_at` the begin is not known. */
export const RESERVATION_TIMELINE: readonly TimelineSource[] = [
  {
    of: 'reservation',
    rows: 'SELECT * FROM limit_reservations WHERE payment_id = $1 ORDER BY side DESC',
    id: 'row.payment_id',
    times: stateTimes({
      state: 'status',
      since: 'reserved_at',
      words: {
        reserved: 'The payment is counted in the limits of the customer',
        confirmed: 'The payment counts in the limits of the customer for good',
        released: 'The payment is not counted in the limits of the customer any more',
      },
    }),
  },
];
