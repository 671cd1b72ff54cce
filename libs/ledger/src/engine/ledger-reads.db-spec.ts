import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN, eventually, FULFILLMENT, openTestLedger, type TestLedger, transferRequest } from '@level-one/testing';
import { AccountType, ChargeKind } from '@level-one/transfer';
import { CommitListener } from '../events/commit-listener.js';

let test: TestLedger;
let other: Awaited<ReturnType<TestLedger['anotherInstance']>>;

beforeEach(async () => {
  test = await openTestLedger();
  other = await test.anotherInstance();
});

afterEach(() => test.close());

describe('a transfer that is read', () => {
  it('is as the last writer left it, whichever instance that was', async () => {
    const request = transferRequest();
    const { id } = request.content;
    await test.ledger.putTransfer(request, ADMIN);
    expect(await test.ledger.readTransfer(id)).toMatchObject({ state: 'prepared' });
    await other.ledger.fulfilTransfer(id, FULFILLMENT, ADMIN);
    expect(await test.ledger.readTransfer(id)).toMatchObject({ state: 'executed', fulfillment: FULFILLMENT });
  });

  it.each([
    ['after its fulfilment', transferRequest({ debitMemo: { nested: [{ a: 'ž' }] }, creditMemo: {} })],
    ['at once', transferRequest({ executionCondition: null, expiresAt: null })],
  ])('is the same at the instance that executed it %s as in the database', async (_, request) => {
    const { id, executionCondition } = request.content;
    await test.ledger.putTransfer(request, ADMIN);
    if (executionCondition !== null) await test.ledger.fulfilTransfer(id, FULFILLMENT, ADMIN);
    expect(await test.ledger.readTransfer(id)).toEqual(await other.ledger.readTransfer(id));
    const stranger = { name: 'carol', isAdmin: false, rights: [] };
    await expect(test.ledger.readTransfer(id, stranger)).rejects.toMatchObject({ status: 404 });
  });

  it('is not executed because a refused batch has executed it', async () => {
    const request = transferRequest();
    const { id } = request.content;
    await test.ledger.putTransfer(request, ADMIN);
    await test.writePast(`ALTER TABLE transfers ADD CONSTRAINT never CHECK (state <> 'executed') NOT VALID`);
    await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, ADMIN)).rejects.toMatchObject({ status: 503 });
    expect(await test.ledger.readTransfer(id)).toMatchObject({ state: 'prepared' });
  });
});

describe('a commit', () => {
  it('wakes the readers of all instances if it has events, and nobody if it has none', async () => {
    await test.open({ name: 'fees', accountType: AccountType.Fee });
    const heard = { own: 0, other: 0 };
    const url = databaseUrlOf(test);
    const listener = new CommitListener(url, 'test_ledger', other.ledger.writerId);
    await listener.start();
    test.ledger.commits.subscribe(() => (heard.own += 1));
    listener.commits.subscribe(() => (heard.other += 1));
    heard.other = 0;
    const request = transferRequest();
    const fee = { debitAccount: 'alice', creditAccount: 'fees', amount: 1n, kind: ChargeKind.Fee };
    await test.ledger.putCharges(request.content.id, [fee]);
    await test.ledger.putTransfer(request, ADMIN);
    await eventually(() => expect(heard).toEqual({ own: 1, other: 1 }));
    await listener.stop();
  });
});

function databaseUrlOf({ dataSource }: TestLedger): string {
  return (dataSource.driver as unknown as { master: { options: { connectionString: string } } }).master.options
    .connectionString;
}
