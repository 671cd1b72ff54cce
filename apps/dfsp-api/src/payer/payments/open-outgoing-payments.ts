import type { OpenState } from '@level-one/work';

const PAYMENT = {
  kind: 'payment',
  table: 'outgoing_payments',
  id: 'payment_id::text',
  since: 'created_at',
  owner: 'the keeper of outgoing payments',
} as const;

/** Open states of payments of this DFSP's clients. */
export const OPEN_OUTGOING_PAYMENTS: readonly OpenState[] = [
  {
    ...PAYMENT,
    state: 'settingUp',
    where: `status = 'settingUp'`,
    due: `coalesce(sending_until, created_at) + interval '1 minute'`,
    ends: 'paying, or failed: nothing that could move money was sent',
    atMost: 'a minute after the request that sets it up has ended',
  },
  {
    ...PAYMENT,
    state: 'paying',
    where: `status = 'paying'`,
    due: 'expires_at',
    ends: 'executed, rejected or expired, as its transfer on the own ledger; failed once that can never be sent any more',
    atMost: 'as long as its transfer on the own ledger: its expiry, and the grace after it',
  },
];
