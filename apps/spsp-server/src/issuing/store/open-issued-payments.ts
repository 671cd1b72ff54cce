import type { OpenState } from '@level-one/work';

const ISSUED = { kind: 'issued-payment', table: 'issued_payments', id: 'payment_id::text' } as const;

/** Open states at an SPSP server. */
export const SPSP_SERVER_OPEN_STATES: readonly OpenState[] = [
  {
    ...ISSUED,
    state: 'issued',
    where: 'outcome IS NULL',
    // When it was issued is not kept.
    since: 'expires_at',
    due: `expires_at + interval '1 hour'`,
    owner: 'its transfer on the own ledger; without one the sweeper of abandoned payments',
    ends: 'executed, rejected or expired, as its transfer; forgotten if none came',
    atMost: '1 hour after its expiry',
  },
  {
    ...ISSUED,
    state: 'untold',
    where: 'outcome IS NOT NULL AND told_at IS NULL',
    since: 'ended_at',
    due: 'tell_after',
    owner: "the notifier of the own DFSP's API",
    ends: 'told',
    atMost: 'until the DFSP API answers',
  },
];
