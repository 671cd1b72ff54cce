import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN, FULFILLMENT, openTestLedger, type TestLedger, transferRequest } from '@level-one/testing';

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
    expect(await test.ledger.reads.readTransfer(id)).toMatchObject({ state: 'prepared' });
    await other.ledger.fulfilTransfer(id, FULFILLMENT, ADMIN);
    expect(await test.ledger.reads.readTransfer(id)).toMatchObject({ state: 'executed', fulfillment: FULFILLMENT });
  });

  it.each([
    ['after its fulfilment', transferRequest({ debitMemo: { nested: [{ a: 'ž' }] }, creditMemo: {} })],
    ['at once', transferRequest({ executionCondition: null, expiresAt: null })],
  ])('is the same at the instance that executed it %s as in the database', async (_, request) => {
    const { id, executionCondition } = request.content;
    await test.ledger.putTransfer(request, ADMIN);
    if (executionCondition !== null) await test.ledger.fulfilTransfer(id, FULFILLMENT, ADMIN);
    expect(await test.ledger.reads.readTransfer(id)).toEqual(await other.ledger.reads.readTransfer(id));
    const stranger = { name: 'carol', isAdmin: false, rights: [] };
    await expect(test.ledger.reads.readTransfer(id, stranger)).rejects.toMatchObject({ status: 404 });
  });

  it('is not executed because a refused batch has executed it', async () => {
    const request = transferRequest();
    const { id } = request.content;
    await test.ledger.putTransfer(request, ADMIN);
    await test.writePast(`ALTER TABLE transfers ADD CONSTRAINT never CHECK (state <> 'executed') NOT VALID`);
    await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, ADMIN)).rejects.toMatchObject({ status: 503 });
    expect(await test.ledger.reads.readTransfer(id)).toMatchObject({ state: 'prepared' });
  });
});
