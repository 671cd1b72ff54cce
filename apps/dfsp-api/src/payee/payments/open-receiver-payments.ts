import type { OpenState } from '@level-one/work';

const RECEIVED = {
  kind: 'incoming-payment',
  table: 'receiver_payments',
  id: 'payment_id::text',
  since: 'created_at',
  due: 'expires_at',
  owner: 'the keeper of receiver payments',
} as const;

/** Open states of payments to this DFSP's customers. */
export const OPEN_RECEIVER_PAYMENTS: readonly OpenState[] = [
  {
    ...RECEIVED,
    state: 'proposed',
    where: `status = 'proposed'`,
    ends: 'prepared by its transfer; expired without one',
    atMost: 'the expiry of its setup (`SETUP_LIFETIME_S`) and `PAYMENT_GRACE_S`',
  },
  {
    ...RECEIVED,
    state: 'prepared',
    where: `status = 'prepared'`,
    ends: 'executed, rejected or expired, as its transfer on the own ledger',
    atMost: 'the expiry of its setup and `PAYMENT_GRACE_S`; longer only while the own ledger does not answer',
  },
];
