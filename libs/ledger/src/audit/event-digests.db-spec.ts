import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FULFILLMENT, openTestLedger, ownerOf, type TestLedger, transferRequest } from '@level-one/testing';
import { EventDigests } from './event-digests.js';
import { EVENTS_PER_DIGEST } from './event-digests-sql.js';

const ALICE = ownerOf('alice');
const BOB = ownerOf('bob');

let test: TestLedger;
let digests: EventDigests;

beforeEach(async () => {
  test = await openTestLedger();
  digests = new EventDigests(test.dataSource, { error: () => undefined });
});

afterEach(() => test.close());

/** Prepares and executes payments of 0.01, which are two events each. */
async function pay(count: number): Promise<void> {
  const requests = Array.from({ length: count }, () => transferRequest({ amount: 1n }));
  await Promise.all(requests.map((request) => test.ledger.putTransfer(request, ALICE)));
  await Promise.all(requests.map(({ content }) => test.ledger.fulfilTransfer(content.id, FULFILLMENT, BOB)));
}

/** Changes a row in spite of its triggers. */
async function falsify(sql: string): Promise<void> {
  await test.dataSource.transaction(async (manager) => {
    await manager.query('SET LOCAL session_replication_role = replica');
    await manager.query(sql);
  });
}

describe('the digest of the event log', () => {
  it('is that of the lines of its events, which others can make, too', async () => {
    const { content } = transferRequest();
    await test.ledger.putTransfer({ ...transferRequest(), content }, ALICE);
    const { digest, upto, last } = await digests.read();
    expect(upto).toBe(last);
    const events: Record<string, string>[] = await test.dataSource.query(
      `SELECT sequence::int, events.id, transfer_id, from_account, to_account FROM events ORDER BY sequence`,
    );
    const { preparedAt, executionCondition, expiresAt } = await test.ledger.reads.readTransfer(content.id);
    const lines = await Promise.all(
      events.map(async ({ sequence, id, transfer_id: transferId }) => {
        const transfer = await test.ledger.reads.readTransfer(transferId!);
        const { debitAccount, creditAccount, amount } = transfer;
        const isPrepared = transferId === content.id;
        const line = [
          sequence,
          id,
          transferId,
          transfer.state,
          debitAccount,
          creditAccount,
          String(amount),
          isPrepared ? executionCondition : null,
          null,
          isPrepared ? expiresAt!.toISOString() : null,
          (isPrepared ? preparedAt! : transfer.executedAt!).toISOString(),
          null,
          null,
        ];
        return `[${line.map((value) => JSON.stringify(value)).join(', ')}]`;
      }),
    );
    const chunk = createHash('sha256').update(lines.join('\n')).digest();
    expect(digest).toBe(createHash('sha256').update(chunk).digest('hex'));
  });

  it('stays the same while the log grows, and when memos are deleted or a grace is renewed', async () => {
    const request = transferRequest();
    await test.ledger.putTransfer(request, ALICE);
    const before = await digests.read();
    await test.ledger.fulfilTransfer(request.content.id, FULFILLMENT, BOB);
    await test.writePast(
      `UPDATE transfers SET debit_memo = NULL, credit_memo = NULL, open_until = open_until + interval '1 h'`,
    );
    await test.writePast(`UPDATE transfers SET open_until = expires_at`);
    expect(await digests.read(before.upto)).toMatchObject({ digest: before.digest, last: before.last + 1n });
    expect((await digests.read()).digest).not.toBe(before.digest);
  });

  it('is stored for every thousandth event, and the same whether it was stored or not', async () => {
    await pay(EVENTS_PER_DIGEST + 10);
    const all = [BigInt(EVENTS_PER_DIGEST) - 1n, BigInt(EVENTS_PER_DIGEST), BigInt(EVENTS_PER_DIGEST) + 1n, undefined];
    const read = async () => (await Promise.all(all.map((upto) => digests.read(upto)))).map(({ digest }) => digest);
    const first = await read();
    expect(new Set(first).size).toBe(4);
    expect(await test.dataSource.query('SELECT upto::int FROM event_digests ORDER BY upto')).toEqual([
      { upto: EVENTS_PER_DIGEST },
      { upto: 2 * EVENTS_PER_DIGEST },
    ]);
    expect(await read()).toEqual(first);
    await digests.onApplicationBootstrap();
    digests.runNow();
    await digests.beforeApplicationShutdown();
    expect(await test.ledger.findViolations()).toEqual([]);
  });

  it('tells where two copies of a log differ', async () => {
    await pay(EVENTS_PER_DIGEST);
    const { last } = await digests.read();
    const honest = new Map<bigint, string>();
    const digestAt = async (upto: bigint): Promise<string> => (await digests.read(upto)).digest;
    for (const upto of [1n, 1_200n, 1_300n, last]) honest.set(upto, await digestAt(upto));
    const [victim]: { id: string; sequence: string }[] = await test.dataSource.query(
      'SELECT transfer_id AS id, sequence FROM events WHERE sequence = 1250',
    );
    await falsify(`UPDATE events SET to_account = 'carol' WHERE sequence = ${victim!.sequence}`);
    const differs = [];
    for (const [upto, digest] of honest) differs.push((await digestAt(upto)) !== digest);
    expect(differs.slice(0, 3)).toEqual([false, false, true]);
    expect(await test.ledger.findViolations()).toMatchObject([
      { invariant: 'the digests of the event log are those of its events', row: { upto: '2000' } },
    ]);
    await falsify(`UPDATE events SET to_account = 'bob' WHERE sequence = ${victim!.sequence}`);
  });

  it('is refused for an event that is not there, and empty before the first one', async () => {
    const { last } = await digests.read();
    await expect(digests.read(last + 1n)).rejects.toMatchObject({ status: 422, id: 'UnprocessableEntityError' });
    expect(await digests.read(0n)).toEqual({ upto: 0n, digest: '', last });
  });
});
