import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ownerOf, type TestLedger, transferRequest } from '@level-one/testing';
import { ChargeKind, FundsDirection } from '@level-one/transfer';
import { FUNDS_MAX } from './funds.js';
import { SettlementWindows } from '../settlement/settlement-windows.js';
import { type FundsMovement } from '../commands/move-funds.js';
import { NOT_ALLOWED, openHouseLedger } from '../test/house-ledger.fixture.js';

const ALICE = ownerOf('alice');

let test: TestLedger;

beforeEach(async () => {
  test = await openHouseLedger();
});

afterEach(() => test.close());

function funds(movement: Partial<FundsMovement> = {}): FundsMovement {
  const { In } = FundsDirection;
  return { id: randomUUID(), account: 'alice', direction: In, amount: 10n, reference: 'a test', ...movement };
}

describe('funds', () => {
  it('A1: three of 10 at once on 100 give 130, at two instances', async () => {
    const other = await test.anotherInstance();
    await test.open({ name: 'dora', balance: 100n });
    const instances = [test, other, test];
    await Promise.all(instances.map(({ ledger }) => ledger.moveFunds(funds({ account: 'dora' }))));
    expect(await test.funds('dora')).toEqual([130n, 0n]);
  });

  it('are booked once for each id, and with nothing else under it', async () => {
    const movement = funds();
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => test.ledger.moveFunds(movement)));
    expect(outcomes.filter(({ created }) => created)).toHaveLength(1);
    expect(await test.funds('alice')).toEqual([10_010n, 0n]);
    for (const other of [
      { amount: 11n },
      { account: 'bob' },
      { direction: FundsDirection.Out },
      { reference: 'another' },
    ]) {
      await expect(test.ledger.moveFunds({ ...movement, ...other })).rejects.toMatchObject({
        id: 'InvalidModificationError',
        status: 400,
      });
    }
    const transfer = transferRequest({ id: movement.id });
    await expect(test.ledger.putTransfer(transfer, ALICE)).rejects.toMatchObject({ id: 'InvalidModificationError' });
  });

  it('A1: under an id that charges wait for are refused, which would be booked with them', async () => {
    const movement = funds();
    const ofBob = { debitAccount: 'bob', creditAccount: 'fees', amount: 1n, kind: ChargeKind.Fee };
    await test.ledger.putCharges(movement.id, [ofBob]);
    await expect(test.ledger.moveFunds(movement)).rejects.toMatchObject(NOT_ALLOWED);
    expect(await test.funds('alice')).toEqual([10_000n, 0n]);
  });

  it('under the id of a transfer are refused', async () => {
    const { transfer } = await test.ledger.putTransfer(transferRequest(), ALICE);
    await expect(test.ledger.moveFunds(funds({ id: transfer.id }))).rejects.toMatchObject({
      id: 'InvalidModificationError',
    });
  });

  it('leave as far as they are there, of the house too', async () => {
    const { Out } = FundsDirection;
    await test.ledger.putTransfer(transferRequest({ amount: 9_000n }), ALICE);
    await expect(test.ledger.moveFunds(funds({ direction: Out, amount: 1_001n }))).rejects.toMatchObject({
      id: 'InsufficientFundsError',
      extras: { owner: 'alice' },
    });
    await test.ledger.moveFunds(funds({ direction: Out, amount: 1_000n }));
    await test.ledger.moveFunds(funds({ account: 'fees', direction: Out, amount: 1_000n }));
    expect([await test.funds('alice'), await test.funds('fees')]).toEqual([
      [9_000n, 9_000n],
      [0n, 0n],
    ]);
  });

  it('are not of accounts that are closed, unknown, or the issuance account', async () => {
    await test.ledger.closeAccount('bob');
    await expect(test.ledger.moveFunds(funds({ account: 'bob' }))).rejects.toMatchObject(NOT_ALLOWED);
    await expect(test.ledger.moveFunds(funds({ account: 'issuance' }))).rejects.toMatchObject(NOT_ALLOWED);
    await expect(test.ledger.moveFunds(funds({ account: 'nobody' }))).rejects.toMatchObject({ status: 404 });
  });

  it('A1: are no longer set as a balance once anything was booked, but for what is there', async () => {
    await expect(test.ledger.putAccount({ name: 'alice', balance: 10_001n })).rejects.toMatchObject(NOT_ALLOWED);
    const { account } = await test.ledger.putAccount({ name: 'alice', balance: 10_000n, isDisabled: true });
    expect(account).toMatchObject({ posted: 10_000n, isDisabled: true });
    await test.open({ name: 'bob', balance: 5n });
    expect(await test.funds('bob')).toEqual([5n, 0n]);
  });

  it('field E: of more than can be counted are refused, wherever they would come from', async () => {
    const much = 999_999_999_999_999_999n;
    for (let count = 0; count < 3; count += 1) await test.ledger.moveFunds(funds({ amount: much }));
    await expect(test.ledger.moveFunds(funds({ amount: FUNDS_MAX }))).rejects.toMatchObject(NOT_ALLOWED);
    await test.open({ name: 'deep', minimumAllowedBalance: null });
    const pay = (): Promise<unknown> =>
      test.ledger.putTransfer(
        transferRequest({ debitAccount: 'deep', creditAccount: 'bob', amount: much, executionCondition: null }),
        ownerOf('deep'),
      );
    for (let count = 0; count < 4; count += 1) await pay();
    await expect(pay()).rejects.toMatchObject(NOT_ALLOWED);
    const hold = (): Promise<unknown> =>
      test.ledger.putTransfer(
        transferRequest({ debitAccount: 'bob', creditAccount: 'deep', amount: much }),
        ownerOf('bob'),
      );
    for (let count = 0; count < 4; count += 1) await hold();
    expect(await test.funds('bob')).toEqual([4n * much, 4n * much]);
  });

  it('field E: that went to and fro are settled, also when they are more than 64 bits together', async () => {
    const much = 999_999_999_999_999_999n;
    await test.ledger.moveFunds(funds({ amount: much }));
    for (let count = 0; count < 10; count += 1) {
      for (const [debitAccount, creditAccount] of [['alice', 'bob'] as const, ['bob', 'alice'] as const]) {
        const request = transferRequest({ debitAccount, creditAccount, amount: much, executionCondition: null });
        await test.ledger.putTransfer(request, ownerOf(debitAccount));
      }
    }
    expect(await test.ledger.reads.readPosition('bob')).toMatchObject({ payments: 10n * much, receipts: 10n * much });
    const { positions } = await new SettlementWindows(test.dataSource).closeWindow();
    expect(positions).toContainEqual(expect.objectContaining({ account: 'alice', payments: 10n * much }));
    expect(
      (
        await test.ledger.reads.readTransfer(
          (await test.ledger.putTransfer(transferRequest({ amount: much }), ALICE)).transfer.id,
        )
      ).amount,
    ).toBe(much);
  });
});
