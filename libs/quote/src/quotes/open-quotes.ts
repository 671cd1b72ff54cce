import type { OpenState } from '@level-one/work';

/** Open states of quotes, on either side. */
export const OPEN_QUOTES: readonly OpenState[] = [
  {
    kind: 'quote',
    state: 'reserved',
    table: 'quotes',
    where: `status = 'reserved'`,
    id: 'payment_id::text',
    since: 'created_at',
    due: 'CASE WHEN held_at IS NULL THEN expires_at END',
    owner: 'the keeper of quotes and limits; while a transfer holds it, its payment',
    ends: 'used, expired',
    atMost: 'its `expiresAt` (`QUOTE_LIFETIME_S`); while a transfer holds it, as long as the payment',
  },
];
