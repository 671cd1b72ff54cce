import type { OpenState } from '@level-one/work';

/** Open states of reservations in limits. */
export const OPEN_RESERVATIONS: readonly OpenState[] = [
  {
    kind: 'reservation',
    state: 'reserved',
    table: 'limit_reservations',
    where: `status = 'reserved'`,
    id: 'payment_id::text',
    since: 'coalesce(reserved_at, day::timestamptz)',
    due: 'expires_at',
    owner: 'the keeper of quotes and limits; once the payment has begun, the payment',
    ends: 'confirmed, released',
    atMost: 'the expiry of its quote; once the payment has begun, as long as the payment',
  },
];
