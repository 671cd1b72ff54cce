import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN, FULFILLMENT, openTestLedger, ownerOf, type TestLedger, transferRequest } from '@level-one/testing';
import { AccountType, ChargeKind, Right } from '@level-one/transfer';
import { ChargeParty, RateType } from '../schema/scheme-charge.entity.js';
import { SchemeTariff } from '../settlement/scheme-tariff.js';
import { Statements } from '../audit/statements.js';

const ALICE = ownerOf('alice');
const NOT_ALLOWED = { id: 'UnprocessableEntityError', status: 422 };

let test: TestLedger;

beforeEach(async () => {
  test = await openTestLedger();
});

afterEach(() => test.close());

describe('closing an account', () => {
  it('removes its password and rights, and cannot be undone', async () => {
    await test.open({ name: 'erin', passwordHash: 'a hash', rights: [Right.Read] });
    const closed = await test.ledger.closeAccount('erin');
    expect(closed).toMatchObject({ isDisabled: true, passwordHash: null, rights: [], closedAt: expect.any(Date) });
    expect(await test.ledger.closeAccount('erin')).toEqual(closed);
    for (const change of [{ isDisabled: false }, { balance: 1n }, { passwordHash: 'another' }, {}]) {
      await expect(test.ledger.putAccount({ name: 'erin', ...change })).rejects.toMatchObject({
        ...NOT_ALLOWED,
        message: 'Account `erin` is closed',
      });
    }
    await expect(test.ledger.putAccount({ name: 'erin' }, { onlyNew: true })).rejects.toMatchObject({
      id: 'RecordExistsError',
    });
    await expect(test.dataSource.query(`UPDATE accounts SET is_disabled = false WHERE name = 'erin'`)).rejects.toThrow(
      /accounts_closed_is_disabled/,
    );
  });

  it('leaves its statement unchanged', async () => {
    const statements = new Statements(test.dataSource);
    await test.ledger.putTransfer(transferRequest({ creditAccount: 'carol', executionCondition: null }), ALICE);
    await test.ledger.putTransfer(
      transferRequest({ debitAccount: 'carol', creditAccount: 'alice', executionCondition: null }),
      ADMIN,
    );
    const before = await statements.listEntries('carol', { limit: 10 });
    await test.ledger.closeAccount('carol');
    expect(before).toHaveLength(2);
    expect(await statements.listEntries('carol', { limit: 10 })).toEqual(before);
  });

  it.each([
    ['pays', { debitAccount: 'carol', creditAccount: 'bob' }],
    ['is paid by', { creditAccount: 'carol' }],
  ])('keeps it out of every new transfer that it %s', async (_, content) => {
    await test.ledger.closeAccount('carol');
    await expect(test.ledger.putTransfer(transferRequest(content), ADMIN)).rejects.toMatchObject({
      ...NOT_ALLOWED,
      message: 'Account `carol` is disabled',
    });
  });

  it('is refused while there is money on the account', async () => {
    await expect(test.ledger.closeAccount('alice')).rejects.toMatchObject({
      ...NOT_ALLOWED,
      message: 'There is money on the account',
    });
  });

  it('is refused while a prepared transfer names it, and possible once that transfer has ended', async () => {
    const prepared = transferRequest({ creditAccount: 'carol' });
    await test.ledger.putTransfer(prepared, ALICE);
    const isExpecting = { ...NOT_ALLOWED, message: 'A transfer that names the account is open' };
    await expect(test.ledger.closeAccount('carol')).rejects.toMatchObject(isExpecting);
    await test.ledger.rejectTransfer(prepared.content.id, { message: 'no' }, ADMIN);
    await test.ledger.closeAccount('carol');
  });

  it('A16: is possible while a proposal names it; that proposal can then not be prepared', async () => {
    const proposed = transferRequest({ debitAccount: 'carol', creditAccount: 'bob' });
    await test.ledger.putTransfer({ ...proposed, authorized: false }, ownerOf('bob'));
    await test.ledger.closeAccount('carol');
    await expect(test.ledger.putTransfer(proposed, ADMIN)).rejects.toMatchObject({
      ...NOT_ALLOWED,
      message: 'Account `carol` is disabled',
    });
    await test.ledger.rejectTransfer(proposed.content.id, { message: 'no' }, ownerOf('bob'));
  });

  it('is refused while a charge of an open transfer names it', async () => {
    await test.open({ name: 'fee', accountType: AccountType.Fee });
    const request = transferRequest();
    const charge = { debitAccount: 'alice', creditAccount: 'fee', amount: 1n, kind: ChargeKind.Fee };
    await test.ledger.putCharges(request.content.id, [charge]);
    await test.ledger.putTransfer(request, ALICE);
    await expect(test.ledger.closeAccount('fee')).rejects.toMatchObject(NOT_ALLOWED);
    await test.ledger.fulfilTransfer(request.content.id, FULFILLMENT, ALICE);
    await expect(test.ledger.closeAccount('fee')).rejects.toMatchObject({ message: 'There is money on the account' });
  });

  it.each(['issuance', 'admin'])('is refused for %s, which the ledger needs', async (name) => {
    await expect(test.ledger.closeAccount(name)).rejects.toMatchObject(NOT_ALLOWED);
  });

  it("is refused for the account of the scheme's charges", async () => {
    await test.open({ name: 'fees' });
    await new SchemeTariff(test.dataSource).createCharge({
      name: 'interchange',
      code: '001',
      rateType: RateType.Flat,
      rate: 1n,
      minimum: 0n,
      maximum: null,
      isActive: false,
      payer: ChargeParty.Sender,
      payee: ChargeParty.Ledger,
    });
    await expect(test.ledger.closeAccount('fees')).rejects.toMatchObject({
      ...NOT_ALLOWED,
      message: 'The ledger needs this account',
    });
  });

  it('is refused for an unknown account', async () => {
    await expect(test.ledger.closeAccount('nobody')).rejects.toMatchObject({ id: 'NotFoundError', status: 404 });
  });

  it('at the same moment as a payment to it lets only one of the two happen', async () => {
    for (let round = 0; round < 20; round += 1) {
      const name = `account ${round}`;
      await test.open({ name });
      const request = transferRequest({ creditAccount: name, amount: 1n, executionCondition: null });
      const [closing, paying] = await Promise.allSettled([
        test.ledger.closeAccount(name),
        test.ledger.putTransfer(request, ALICE),
      ]);
      expect([closing.status, paying.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });
});
