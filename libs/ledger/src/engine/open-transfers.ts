import type { OpenState } from '@level-one/work';

const TRANSFER = { kind: 'transfer', table: 'transfers', id: 'id::text' } as const;
const SWEEPER = 'the expiry sweeper of the ledger';

/** Open states of a ledger. @param proposalLifetimeS lifetime of proposals without an expiry, in s */
export function openStatesOfLedger(proposalLifetimeS: number): OpenState[] {
  return [
    {
      ...TRANSFER,
      state: 'proposed',
      where: `state = 'proposed'`,
      since: 'proposed_at',
      due: `least(expires_at, proposed_at + interval '${proposalLifetimeS} s')`,
      owner: `who authorizes or rejects it; ${SWEEPER}`,
      ends: 'prepared, executed, rejected',
      atMost: '`PROPOSAL_LIFETIME_S`, or its `expires_at` if that is earlier',
    },
    {
      ...TRANSFER,
      state: 'prepared',
      where: `state = 'prepared' AND expires_at > ledger_now()`,
      since: 'prepared_at',
      due: 'expires_at',
      owner: 'who fulfils or rejects it; at its expiry the sweeper, or its creditor in the grace',
      ends: 'executed, rejected',
      atMost: 'its `expires_at`, and a grace after it (state `late`)',
    },
    {
      ...TRANSFER,
      state: 'late',
      where: `state = 'prepared' AND expires_at <= ledger_now()`,
      since: 'expires_at',
      due: 'coalesce(open_until, expires_at)',
      owner: `its creditor, a connector or a DFSP; at the end of the grace ${SWEEPER}`,
      ends: 'executed, rejected',
      atMost: '`LATE_GRACE_S` after its expiry; renewed by its creditor, up to `RENEWAL_MAX_S`',
    },
    {
      kind: 'charge',
      state: 'waiting',
      table: 'charges',
      where: 'is_waiting',
      id: 'transfer_id::text',
      since: 'put_at',
      due: `put_at + interval '1 day'`,
      owner: 'its transfer; the deletion of forgotten rows',
      ends: 'booked or dropped with the transfer; deleted if that never comes',
      atMost: '1 day',
    },
  ];
}
