import { describe, expect, it } from '@jest/globals';
import { type Transfer, TransferState } from '@level-one/transfer';
import { Books } from './books.js';

const ID = '7d4f2a7e-8c0e-4f5d-9d1c-2f4f6f1d2c01';
const NOW = new Date('2026-01-01T12:00:00Z');

function booksWith(expiresAt: Date): Books {
  const transfer = {
    id: ID,
    debitAccount: 'alice',
    creditAccount: 'bob',
    amount: 100n,
    state: TransferState.Proposed,
    proposedAt: new Date(NOW.getTime() - 1_000),
    expiresAt,
  } as Transfer;
  return new Books(
    {
      now: NOW,
      transfers: new Map([[ID, transfer]]),
      accounts: new Map(),
      voided: new Set(),
      charges: new Map(),
      tariff: [],
    },
    { lateGraceMs: 0, proposalLifetimeMs: 60_000 },
  );
}

describe('a transfer in the books', () => {
  it('is not changed by a read, even after its expiry', () => {
    const books = booksWith(NOW);
    expect(books.transfer(ID)?.state).toBe(TransferState.Proposed);
    expect(books.events).toEqual([]);
    expect(books.changedTransfers.size).toBe(0);
  });

  it('is rejected as expired after its expiry', () => {
    const books = booksWith(NOW);
    books.expireIfDue(ID);
    expect(books.transfer(ID)).toMatchObject({ state: TransferState.Rejected, rejectionReason: 'expired' });
    expect(books.events).toMatchObject([{ state: TransferState.Rejected }]);
  });

  it('is not changed before its expiry', () => {
    const books = booksWith(new Date(NOW.getTime() + 1));
    books.expireIfDue(ID);
    expect(books.transfer(ID)?.state).toBe(TransferState.Proposed);
    expect(books.events).toEqual([]);
  });

  it('that is unknown is ignored', () => {
    const books = booksWith(NOW);
    books.expireIfDue('7d4f2a7e-8c0e-4f5d-9d1c-2f4f6f1d2c02');
    expect(books.events).toEqual([]);
  });
});
