import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN, FULFILLMENT, openTestLedger, ownerOf, type TestLedger, transferRequest } from '@level-one/testing';
import { AccountType, ChargeKind, FundsDirection, Right } from '@level-one/transfer';
import { type Charge } from '../schema/charge.entity.js';
import { deleteForgotten, MessageRetention } from '../engine/forgotten.js';
import { FUNDS_MAX } from './funds.js';
import { Settlements } from '../settlement/settlements.js';
import { type FundsMovement } from '../commands/move-funds.js';
import type { Principal } from './principal.js';

const NOT_ALLOWED = { id: 'UnprocessableEntityError', status: 422 };
const FORBIDDEN = { id: 'UnauthorizedError', status: 403 };
const HOUSE = ['issuance', 'fees', 'commission', 'agent-commission', 'scheme', 'admin'];

const ALICE = ownerOf('alice');
const CONNECTOR = ownerOf('connector');
const EVERY_RIGHT: Principal = { name: 'role', isAdmin: false, rights: Object.values(Right) };

let test: TestLedger;

/** Alice uses her account directly; kim is a customer of the DFSP, and does not. */
beforeEach(async () => {
  test = await openTestLedger();
  await Promise.all([
    test.open({ name: 'admin', accountType: AccountType.Role, balance: 1_000n }),
    test.open({ name: 'fees', accountType: AccountType.Fee, balance: 1_000n }),
    test.open({ name: 'commission', accountType: AccountType.Commission, balance: 1_000n }),
    test.open({ name: 'agent-commission', accountType: AccountType.AgentCommission, balance: 1_000n }),
    test.open({ name: 'scheme', accountType: AccountType.Settlement, balance: 1_000n }),
    test.open({ name: 'connector', accountType: AccountType.Connector, minimumAllowedBalance: -100_000n }),
    test.open({ name: 'kim', accountType: AccountType.MobileWallet, balance: 1_000n }),
  ]);
});

afterEach(() => test.close());

function funds(movement: Partial<FundsMovement> = {}): FundsMovement {
  const { In } = FundsDirection;
  return { id: randomUUID(), account: 'alice', direction: In, amount: 10n, reference: 'a test', ...movement };
}

describe('A1: money of the house', () => {
  const somebody: [string, Principal][] = [
    ['the admin', ADMIN],
    ['a role with every right', EVERY_RIGHT],
  ];

  it.each(HOUSE.flatMap((name) => somebody.map(([who, principal]) => [name, who, principal] as const)))(
    'of %s is neither debited nor credited by a transfer of %s',
    async (name, _, principal) => {
      for (const condition of [{}, { executionCondition: null }]) {
        for (const parties of [{ debitAccount: name }, { creditAccount: name }]) {
          for (const authorized of [true, false]) {
            const request = { ...transferRequest({ ...parties, ...condition }), authorized };
            await expect(test.ledger.putTransfer(request, principal)).rejects.toMatchObject(NOT_ALLOWED);
          }
        }
      }
    },
  );

  it('is not debited by whoever can log in as its account either', async () => {
    for (const name of HOUSE) {
      const request = transferRequest({ debitAccount: name, creditAccount: 'bob' });
      await expect(test.ledger.putTransfer(request, ownerOf(name))).rejects.toMatchObject(NOT_ALLOWED);
    }
  });

  it.each<[string, Charge]>([
    ['from issuance', charge('issuance', 'fees', ChargeKind.Fee)],
    ['from issuance as a commission', charge('issuance', 'alice', ChargeKind.Commission)],
    ['from fees to a customer', charge('fees', 'alice', ChargeKind.Commission)],
    ['from a connector', charge('connector', 'fees', ChargeKind.Fee)],
    ['from the scheme', charge('scheme', 'fees', ChargeKind.Fee)],
    ['from one customer to another', charge('alice', 'bob', ChargeKind.Fee)],
    ['from a customer to commissions', charge('alice', 'commission', ChargeKind.Fee)],
    ['from a customer, named commission', charge('alice', 'agent-commission', ChargeKind.Commission)],
    ['from commissions, named fee', charge('commission', 'alice', ChargeKind.Fee)],
    ['from commissions to a connector', charge('commission', 'connector', ChargeKind.Commission)],
    ['from commissions to fees', charge('commission', 'fees', ChargeKind.Commission)],
  ])('is not moved by a charge %s, before its transfer or while that is prepared', async (_, given) => {
    const request = transferRequest();
    await expect(test.ledger.putCharges(request.content.id, [given])).rejects.toMatchObject(NOT_ALLOWED);
    await test.ledger.putTransfer(request, ALICE);
    await expect(test.ledger.putCharges(request.content.id, [given])).rejects.toMatchObject(NOT_ALLOWED);
  });

  it.each([
    ['a fee', charge('kim', 'fees', ChargeKind.Fee)],
    ['a commission', charge('commission', 'kim', ChargeKind.Commission)],
  ])('A1: %s of a customer who is no party of the transfer is refused, whichever comes first', async (_, given) => {
    const known = transferRequest();
    await test.ledger.putTransfer(known, ALICE);
    await expect(test.ledger.putCharges(known.content.id, [given])).rejects.toMatchObject(NOT_ALLOWED);
    const later = transferRequest();
    await test.ledger.putCharges(later.content.id, [given]);
    await expect(test.ledger.putTransfer(later, ALICE)).rejects.toMatchObject(NOT_ALLOWED);
    expect(await test.funds('kim')).toEqual([1_000n, 0n]);
  });

  it('of a connector is moved by nobody but the connector', async () => {
    for (const principal of [ADMIN, EVERY_RIGHT]) {
      const request = transferRequest({ debitAccount: 'connector', creditAccount: 'bob' });
      await expect(test.ledger.putTransfer(request, principal)).rejects.toMatchObject(FORBIDDEN);
      await test.ledger.putTransfer({ ...request, authorized: false }, principal);
      await expect(test.ledger.putTransfer(request, principal)).rejects.toMatchObject(FORBIDDEN);
    }
    const incoming = transferRequest({ creditAccount: 'connector' });
    await test.ledger.putTransfer(incoming, ALICE);
    for (const principal of [ADMIN, EVERY_RIGHT]) {
      await expect(test.ledger.rejectTransfer(incoming.content.id, { message: 'no' }, principal)).rejects.toMatchObject(
        FORBIDDEN,
      );
    }
    await test.ledger.rejectTransfer(incoming.content.id, { message: 'no' }, CONNECTOR);
  });

  it('is not set free by another kind of account once anything was booked or held', async () => {
    for (const name of ['fees', 'commission', 'scheme', 'admin']) {
      const change = { name, accountType: AccountType.MobileWallet };
      await expect(test.ledger.putAccount(change)).rejects.toMatchObject(NOT_ALLOWED);
    }
    await test.ledger.putTransfer(transferRequest({ debitAccount: 'connector', creditAccount: 'bob' }), CONNECTOR);
    const change = { name: 'connector', accountType: AccountType.MobileWallet };
    await expect(test.ledger.putAccount(change)).rejects.toMatchObject(NOT_ALLOWED);
    for (const accountType of [AccountType.Issuance, AccountType.Dfsp]) {
      await expect(test.ledger.putAccount({ name: 'new', accountType })).rejects.toMatchObject(NOT_ALLOWED);
    }
    await expect(
      test.ledger.putAccount({ name: 'issuance', accountType: AccountType.MobileWallet }),
    ).rejects.toMatchObject(NOT_ALLOWED);
  });

  it('of an account that became one of the house is not reached by a proposal from before', async () => {
    await test.open({ name: 'dora', minimumAllowedBalance: -1_000n });
    const request = transferRequest({ debitAccount: 'dora', creditAccount: 'bob' });
    await test.ledger.putTransfer({ ...request, authorized: false }, ownerOf('bob'));
    await test.open({ name: 'dora', accountType: AccountType.Fee });
    await expect(test.ledger.putTransfer(request, ADMIN)).rejects.toMatchObject(NOT_ALLOWED);
  });
});

describe('kinds', () => {
  it('of new accounts are customers with direct use, roles where there are rights, or what is said', async () => {
    const opened = async (change: Parameters<typeof test.open>[0]): Promise<unknown[]> => {
      const { account } = await test.ledger.putAccount(change);
      return [account.accountType, account.directUse];
    };
    expect(await opened({ name: 'plain' })).toEqual(['mw', true]);
    expect(await opened({ name: 'plain but closely kept', directUse: false })).toEqual(['mw', false]);
    expect(await opened({ name: 'a role', rights: [Right.Read] })).toEqual(['role', false]);
    expect(await opened({ name: 'customer', accountType: AccountType.MobileWallet })).toEqual(['mw', false]);
    const free = { name: 'free customer', accountType: AccountType.MobileWallet, directUse: true };
    expect(await opened(free)).toEqual(['mw', true]);
    expect(await opened({ name: 'con', accountType: AccountType.Connector })).toEqual(['con', true]);
    expect(await opened({ name: 'f', accountType: AccountType.Fee })).toEqual(['f', false]);
    expect(await opened({ name: 'customer', isDisabled: true })).toEqual(['mw', false]);
    expect(await opened({ name: 'customer', directUse: true })).toEqual(['mw', true]);
    await expect(opened({ name: 'f', directUse: true })).rejects.toMatchObject(NOT_ALLOWED);
    await expect(opened({ name: 'con', directUse: false })).rejects.toMatchObject(NOT_ALLOWED);
  });

  it('of the central ledger are DFSPs', async () => {
    const centre = await openTestLedger({ customerKind: AccountType.Dfsp });
    expect(await centre.ledger.readAccount('alice')).toMatchObject({ accountType: 'dfsp', directUse: true });
    await expect(centre.ledger.putTransfer(transferRequest(), ADMIN)).rejects.toMatchObject(FORBIDDEN);
    await centre.ledger.putTransfer(transferRequest(), ALICE);
    await centre.close();
  });
});

describe('A3: an account without direct use', () => {
  const role = (right: Right): Principal => ({ name: 'role', isAdmin: false, rights: [right] });

  it('is debited by a role, and not by its owner', async () => {
    const request = transferRequest({ debitAccount: 'kim' });
    for (const authorized of [true, false]) {
      await expect(test.ledger.putTransfer({ ...request, authorized }, ownerOf('kim'))).rejects.toMatchObject(
        FORBIDDEN,
      );
    }
    await test.ledger.putTransfer({ ...request, authorized: false }, ownerOf('bob'));
    await expect(test.ledger.putTransfer(request, ownerOf('kim'))).rejects.toMatchObject(FORBIDDEN);
    await test.ledger.putTransfer(request, role(Right.Authorize));
    expect(await test.funds('kim')).toEqual([1_000n, 100n]);
  });

  it('is credited by a connector when a role executes it, and by nobody else who knows the preimage', async () => {
    const request = transferRequest({ debitAccount: 'connector', creditAccount: 'kim' });
    const { id } = request.content;
    await test.ledger.putTransfer(request, CONNECTOR);
    for (const principal of [ownerOf('kim'), CONNECTOR, ownerOf('bob'), role(Right.Authorize), role(Right.Reject)]) {
      await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, principal)).rejects.toMatchObject(FORBIDDEN);
    }
    await expect(test.ledger.rejectTransfer(id, { message: 'no' }, ownerOf('kim'))).rejects.toMatchObject(FORBIDDEN);
    await test.ledger.fulfilTransfer(id, FULFILLMENT, role(Right.Fulfil));
    expect(await test.funds('kim')).toEqual([1_100n, 0n]);
    // Who asks again has the preimage already.
    expect(await test.ledger.fulfilTransfer(id, FULFILLMENT, ownerOf('kim'))).toBe(FULFILLMENT);
  });

  it('is not credited by a connector without a condition', async () => {
    const request = transferRequest({ debitAccount: 'connector', creditAccount: 'kim', executionCondition: null });
    await expect(test.ledger.putTransfer(request, CONNECTOR)).rejects.toMatchObject(NOT_ALLOWED);
    await test.ledger.putTransfer(transferRequest({ creditAccount: 'kim', executionCondition: null }), ALICE);
  });

  it('rejects nothing but what is proposed to it; roles reject for it', async () => {
    const prepared = transferRequest({ debitAccount: 'connector', creditAccount: 'kim' });
    const proposed = transferRequest({ creditAccount: 'kim' });
    await test.ledger.putTransfer(prepared, CONNECTOR);
    await test.ledger.putTransfer({ ...proposed, authorized: false }, ALICE);
    expect(await test.ledger.rejectTransfer(proposed.content.id, { message: 'no' }, ownerOf('kim'))).toMatchObject({
      state: 'rejected',
    });
    expect(await test.ledger.rejectTransfer(prepared.content.id, { message: 'no' }, role(Right.Reject))).toMatchObject({
      state: 'rejected',
    });
  });

  it('may be used directly from the moment on that this is said of it', async () => {
    const request = transferRequest({ debitAccount: 'connector', creditAccount: 'kim' });
    await test.ledger.putTransfer(request, CONNECTOR);
    await test.open({ name: 'kim', directUse: true });
    await test.ledger.fulfilTransfer(request.content.id, FULFILLMENT, ownerOf('kim'));
    await test.ledger.putTransfer(transferRequest({ debitAccount: 'kim' }), ownerOf('kim'));
    await test.open({ name: 'kim', directUse: false });
    await expect(
      test.ledger.putTransfer(transferRequest({ debitAccount: 'kim' }), ownerOf('kim')),
    ).rejects.toMatchObject(FORBIDDEN);
  });
});

describe('A16: a proposal', () => {
  it.each([['with a condition'], ['without']])('%s is rejected by the owner of its credit', async (which) => {
    const condition = which === 'without' ? { executionCondition: null, expiresAt: null } : {};
    const request = transferRequest(condition);
    await test.ledger.putTransfer({ ...request, authorized: false }, ALICE);
    await expect(test.ledger.rejectTransfer(request.content.id, { message: 'no' }, ALICE)).rejects.toMatchObject(
      FORBIDDEN,
    );
    const rejected = await test.ledger.rejectTransfer(request.content.id, { message: 'no' }, ownerOf('bob'));
    expect(rejected).toMatchObject({ state: 'rejected', rejectionReason: 'no' });
  });
});

describe('A16: every proposal', () => {
  it.each([
    ['without a time of its own', { executionCondition: null, expiresAt: null }],
    ['whose own time is far away', { expiresAt: new Date('2999-01-01T00:00:00Z') }],
  ])('%s has an end, and a day later nothing that was added to it', async (_, change) => {
    const request = transferRequest({ ...change, additionalInfo: { text: 'much' } });
    const { id } = request.content;
    await test.ledger.putTransfer({ ...request, authorized: false }, ALICE);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([]);
    await test.writePast(`UPDATE transfers SET proposed_at = proposed_at - interval '1 day' WHERE id = $1`, [id]);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([id]);
    expect(await test.ledger.readTransfer(id)).toMatchObject({ state: 'rejected', rejectionReason: 'expired' });
    await test.dataSource.query(`UPDATE transfers SET rejected_at = rejected_at - interval '2 days' WHERE id = $1`, [
      id,
    ]);
    await deleteForgotten(test.dataSource, new MessageRetention());
    expect(await test.ledger.readTransfer(id)).toMatchObject({ additionalInfo: null });
  });
});

describe('A8: a message', () => {
  it('is emptied by the sweep after the one that saw it; the events stay numbered', async () => {
    await test.ledger.sendMessage({ from: 'alice', to: 'bob', data: { text: 'hello' } });
    const retention = new MessageRetention();
    const kept = async (): Promise<unknown> =>
      (await test.dataSource.query('SELECT message FROM events WHERE message IS NOT NULL'))[0].message;
    await retention.emptyMessages(test.dataSource);
    expect(await kept()).toEqual({ from: 'alice', to: 'bob', data: { text: 'hello' } });
    await retention.emptyMessages(test.dataSource);
    expect(await kept()).toEqual({ from: 'alice', to: 'bob', data: {} });
  });
});

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
    expect(await test.ledger.readPosition('bob')).toMatchObject({ payments: 10n * much, receipts: 10n * much });
    const { positions } = await new Settlements(test.dataSource).settle();
    expect(positions).toContainEqual(expect.objectContaining({ account: 'alice', payments: 10n * much }));
    expect(
      (
        await test.ledger.readTransfer(
          (await test.ledger.putTransfer(transferRequest({ amount: much }), ALICE)).transfer.id,
        )
      ).amount,
    ).toBe(much);
  });
});

function charge(debitAccount: string, creditAccount: string, kind: ChargeKind): Charge {
  return { debitAccount, creditAccount, amount: 1n, kind };
}
