import type { OpenState } from '@level-one/work';

const LIST = { kind: 'bulk-payment', table: 'bulk_payments', id: 'id::text', since: 'created_at' } as const;
const WORKER = 'the worker of bulk payments';

/** A row has no time of its own: that of its list. */
function row(state: string, rest: Pick<OpenState, 'owner' | 'ends' | 'atMost'>): OpenState {
  return {
    kind: 'bulk-payment-row',
    state,
    table: `bulk_payment_rows row JOIN bulk_payments list ON list.id = row.bulk_id`,
    where: `row.status = '${state}'`,
    id: `row.bulk_id || '/' || row.line`,
    since: 'list.created_at',
    ...rest,
  };
}

/** Open states of lists of payments and of their rows. */
export const OPEN_BULK_PAYMENTS: readonly OpenState[] = [
  {
    ...LIST,
    state: 'checking',
    where: `status = 'checking'`,
    owner: WORKER,
    ends: 'checked',
    atMost: 'until the last row is checked or refused',
  },
  {
    ...LIST,
    state: 'checked',
    where: `status = 'checked'`,
    owner: 'people: the channel executes or cancels it',
    ends: 'paying, cancelled',
    atMost: 'stays until somebody decides',
  },
  {
    ...LIST,
    state: 'paying',
    where: `status = 'paying'`,
    owner: WORKER,
    ends: 'done',
    atMost: 'until the last row is paid or failed',
  },
  row('waiting', { owner: WORKER, ends: 'checked, refused, cancelled', atMost: 'until its payee has been asked' }),
  row('checked', {
    owner: `people, with the list; then ${WORKER}`,
    ends: 'paying, cancelled',
    atMost: 'as long as its list',
  }),
  row('paying', { owner: WORKER, ends: 'paid, failed', atMost: 'as long as its payment' }),
];
