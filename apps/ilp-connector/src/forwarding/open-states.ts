import type { OpenState } from '@level-one/work';

const CLAIM = { kind: 'claim', table: 'lost_claims', id: 'transfer_id::text', since: 'lost_at' } as const;

/** Open states of a connector. @param claimTryS how long it tries to file a claim, in s */
export function openStatesOfConnector(claimTryS: number): OpenState[] {
  return [
    {
      kind: 'late-source',
      state: 'open',
      table: 'late_sources',
      where: 'true',
      id: 'transfer_id::text',
      since: 'expires_at',
      due: 'open_until',
      owner: 'the poll of late sources',
      ends: 'claimed, or rejected, as the transfer behind it ended; at the end of its grace its ledger ends it',
      atMost: '`LATE_GRACE_S` of its ledger after its expiry; renewed on the own ledger, up to `RENEWAL_MAX_S`',
    },
    {
      ...CLAIM,
      state: 'lost',
      where: `state = 'lost'`,
      due: `lost_at + interval '${claimTryS} s'`,
      owner: 'the sender of late claims',
      ends: 'filed at the ledger of its source, or refused for good',
      atMost: '`CLAIM_TRY_S`',
    },
    {
      ...CLAIM,
      state: 'filed',
      where: `state IN ('waiting', 'approved')`,
      owner: 'two administrators of the ledger of its source; the ledger itself where its downtime explains the claim',
      ends: 'booked, refused',
      atMost: 'stays until they decide',
    },
  ];
}
