import type { OpenState } from '@level-one/work';

const NOTICE = { kind: 'notice', table: 'notices', id: 'id::text', since: 'created_at' } as const;

/** Open states of notices to other DFSPs. */
export const OPEN_NOTICES: readonly OpenState[] = [
  {
    ...NOTICE,
    state: 'pending',
    where: `status = 'pending'`,
    due: 'deadline_at',
    owner: 'the sender of notices',
    ends: 'delivered, withdrawn, undeliverable',
    atMost: '`DELIVERY_DEADLINE_S`',
  },
  {
    ...NOTICE,
    state: 'undeliverable',
    where: `status = 'undeliverable'`,
    due: 'deadline_at',
    owner: 'operators: `POST /v1/undelivered/{id}/resend`',
    ends: 'sent again, or deleted',
    atMost: '`RETENTION_DAYS`',
  },
];
