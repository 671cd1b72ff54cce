import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN, FULFILLMENT, openTestLedger, type TestLedger, transferRequest } from '@level-one/testing';
import { AccountType, ChargeKind, type TransferContent } from '@level-one/transfer';
import { SettlementConfirmations } from '../settlement/settlement-confirmations.js';
import { SettlementWindows } from '../settlement/settlement-windows.js';

const CAP = 500n;
const BEYOND_CAP = {
  id: 'InsufficientFundsError',
  status: 422,
  message: 'The net debit cap would be exceeded.',
  extras: { owner: 'dfsp1' },
};

let test: TestLedger;

beforeEach(async () => {
  test = await openTestLedger();
  await test.open({ name: 'dfsp1', minimumAllowedBalance: null, netDebitCap: CAP });
  await test.open({ name: 'dfsp2', minimumAllowedBalance: null });
});

afterEach(() => test.close());

/** Prepares a transfer from dfsp1 to dfsp2. @returns its id. */
async function prepare(amount: bigint, content: Partial<TransferContent> = {}): Promise<string> {
  const request = transferRequest({ debitAccount: 'dfsp1', creditAccount: 'dfsp2', amount, ...content });
  await test.ledger.putTransfer(request, ADMIN);
  return request.content.id;
}

const fulfil = (id: string): Promise<string> => test.ledger.fulfilTransfer(id, FULFILLMENT, ADMIN);
const pay = async (amount: bigint, content?: Partial<TransferContent>): Promise<string> =>
  fulfil(await prepare(amount, content));

describe('a net debit cap', () => {
  it('counts payments and holds together, and is not exceeded by a cent', async () => {
    await pay(200n);
    await prepare(299n);
    await expect(prepare(2n)).rejects.toMatchObject(BEYOND_CAP);
    await prepare(1n);
    await expect(prepare(1n)).rejects.toMatchObject(BEYOND_CAP);
    expect(await test.funds('dfsp1')).toEqual([-200n, 300n]);
  });

  it('also refuses a transfer without a condition', async () => {
    await expect(prepare(501n, { executionCondition: null })).rejects.toMatchObject(BEYOND_CAP);
  });

  it('of 300 lets exactly as many racing transfers pass as it covers, at two instances', async () => {
    const other = await test.anotherInstance();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? other : test).ledger.putTransfer(
          transferRequest({ debitAccount: 'dfsp1', creditAccount: 'dfsp2', amount: 100n }),
          ADMIN,
        ),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('is freed by receipts and by released holds', async () => {
    await pay(500n);
    await pay(300n, { debitAccount: 'dfsp2', creditAccount: 'dfsp1' });
    const id = await prepare(300n);
    await expect(prepare(1n)).rejects.toMatchObject(BEYOND_CAP);
    await test.ledger.rejectTransfer(id, { message: 'no' }, ADMIN);
    await prepare(300n);
  });

  it('does not count money that was issued or taken back', async () => {
    await test.issue('dfsp1', 10_000n);
    await expect(prepare(501n)).rejects.toMatchObject(BEYOND_CAP);
    await pay(500n);
    await test.issue('dfsp1', -9_500n);
    await expect(prepare(1n)).rejects.toMatchObject(BEYOND_CAP);
    await pay(100n, { debitAccount: 'dfsp2', creditAccount: 'dfsp1' });
    await prepare(100n);
  });

  it('and the floor apply independently', async () => {
    await test.open({ name: 'dfsp1', minimumAllowedBalance: -100n });
    await expect(prepare(101n)).rejects.toMatchObject({ message: 'Sender has insufficient funds.' });
    await test.open({ name: 'dfsp1', minimumAllowedBalance: -1_000n });
    await expect(prepare(501n)).rejects.toMatchObject(BEYOND_CAP);
    await prepare(500n);
  });

  it('counts charges of the account', async () => {
    const request = transferRequest({ debitAccount: 'dfsp1', creditAccount: 'dfsp2', amount: 450n });
    await test.open({ name: 'carol', accountType: AccountType.Fee });
    const charge = { debitAccount: 'dfsp1', creditAccount: 'carol', amount: 51n, kind: ChargeKind.Fee };
    await test.ledger.putCharges(request.content.id, [charge]);
    await expect(test.ledger.putTransfer(request, ADMIN)).rejects.toMatchObject(BEYOND_CAP);
    await pay(449n);
  });

  it('counts closed windows until a bank has moved their amounts', async () => {
    await test.open({ name: 'settlement', accountType: AccountType.Settlement, minimumAllowedBalance: null });
    const confirmations = new SettlementConfirmations(test.dataSource, (booked) =>
      test.ledger.confirmSettlement(booked),
    );
    await pay(500n);
    const { id } = await new SettlementWindows(test.dataSource).closeWindow();
    await expect(prepare(1n)).rejects.toMatchObject(BEYOND_CAP);
    await confirmations.confirmMovements(id, [{ account: 'dfsp1', amount: 200n, reference: 'bank 1' }]);
    await pay(200n);
    await expect(prepare(1n)).rejects.toMatchObject(BEYOND_CAP);
    await confirmations.confirmMovements(id, [{ account: 'dfsp1', amount: 300n, reference: 'bank 2' }]);
    await pay(300n);
    await expect(prepare(1n)).rejects.toMatchObject(BEYOND_CAP);
    expect(await test.funds('dfsp1')).toEqual([-500n, 0n]);
  });

  it('stops neither a settlement that leaves more held than the cap allows, nor the execution of prepared transfers', async () => {
    const windows = new SettlementWindows(test.dataSource);
    await pay(400n, { debitAccount: 'dfsp2', creditAccount: 'dfsp1' });
    const id = await prepare(900n);
    const { positions } = await windows.closeWindow();
    expect(positions).toContainEqual({
      account: 'dfsp1',
      payments: 0n,
      receipts: 400n,
      feePayments: 0n,
      feeReceipts: 0n,
      confirmed: 0n,
    });
    await expect(prepare(1n)).rejects.toMatchObject(BEYOND_CAP);
    await fulfil(id);
    expect(await test.ledger.reads.readPosition('dfsp1')).toMatchObject({ payments: 900n, receipts: 0n });
  });

  it('may be lowered below the position; it then stops new transfers, and no prepared one', async () => {
    const id = await prepare(400n);
    await test.open({ name: 'dfsp1', netDebitCap: 100n });
    await expect(prepare(1n)).rejects.toMatchObject(BEYOND_CAP);
    await fulfil(id);
    await expect(prepare(1n)).rejects.toMatchObject(BEYOND_CAP);
    // An account in debt may still receive.
    await pay(350n, { debitAccount: 'dfsp2', creditAccount: 'dfsp1' });
    await prepare(50n);
    await expect(prepare(1n)).rejects.toMatchObject(BEYOND_CAP);
  });

  it('of zero lets an account pay only what it received; without a cap it may pay down to its floor', async () => {
    await test.open({ name: 'dfsp1', netDebitCap: 0n });
    await expect(prepare(1n)).rejects.toMatchObject(BEYOND_CAP);
    await pay(10n, { debitAccount: 'dfsp2', creditAccount: 'dfsp1' });
    await pay(10n);
    await test.open({ name: 'dfsp1', netDebitCap: null });
    await pay(1_000_000n);
  });
});
