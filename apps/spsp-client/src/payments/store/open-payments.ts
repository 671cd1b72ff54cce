import type { OpenState } from '@level-one/work';

/** Open states at an SPSP client. */
export const SPSP_CLIENT_OPEN_STATES: readonly OpenState[] = [
  {
    kind: 'payment',
    state: 'pending',
    table: 'payments',
    where: `status = 'pending'`,
    id: 'id::text',
    since: 'created_at',
    due: 'expires_at',
    owner: 'the keeper of payments, which asks the ledger',
    ends: 'executed, rejected or expired, as its transfer on the own ledger',
    atMost: 'as long as its transfer: its expiry, and the grace after it',
  },
];
