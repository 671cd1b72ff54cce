import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, openTestLedger, ownerOf, type TestLedger, transferRequest } from '@level-one/testing';

const ALICE = ownerOf('alice');

let test: TestLedger;

beforeEach(async () => {
  test = await openTestLedger();
});

afterEach(async () => {
  await test.close();
});

describe('a connection that is lost', () => {
  it('leaves every transfer either done or undone, and asking again settles which', async () => {
    const other = await test.anotherInstance();
    const requests = Array.from({ length: 200 }, () => transferRequest({ amount: 10n }));
    const outcomes: PromiseSettledResult<unknown>[] = [];
    const write = async (worker: number): Promise<void> => {
      for (const request of requests.filter((_, i) => i % 4 === worker)) {
        outcomes.push(...(await Promise.allSettled([test.ledger.putTransfer(request, ALICE)])));
      }
    };
    const kill = async (): Promise<void> => {
      while (outcomes.length < requests.length) {
        await other.dataSource.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        );
      }
    };
    await Promise.all([kill(), ...[0, 1, 2, 3].map(write)]);

    const reasons = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason).toMatchObject({ id: 'ServiceUnavailableError' });
    for (const request of requests) {
      await eventually(() => test.ledger.putTransfer(request, ALICE));
    }
    expect(await test.funds('alice')).toEqual([10_000n, 2_000n]);
  });
});

describe('what a batch cannot write', () => {
  it('does not fail its neighbours', async () => {
    const bad = transferRequest({ additionalInfo: { text: 'fine' }, debitAccount: 'alice', id: 'not-a-uuid' });
    const good = Array.from({ length: 5 }, () => transferRequest({ id: randomUUID() }));
    const outcomes = await Promise.allSettled([
      ...good.slice(0, 3).map((request) => test.ledger.putTransfer(request, ALICE)),
      test.ledger.putTransfer(bad, ALICE),
      ...good.slice(3).map((request) => test.ledger.putTransfer(request, ALICE)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 3 }, () => 'fulfilled'),
      'rejected',
      ...Array.from({ length: 2 }, () => 'fulfilled'),
    ]);
    expect(outcomes[3]).toMatchObject({ reason: { id: 'ServiceUnavailableError', status: 503 } });
    expect(await test.funds('alice')).toEqual([10_000n, 500n]);
  });
});
