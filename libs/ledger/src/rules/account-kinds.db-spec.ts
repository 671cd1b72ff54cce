import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN, FULFILLMENT, openTestLedger, ownerOf, type TestLedger, transferRequest } from '@level-one/testing';
import { AccountType, ChargeKind, Right } from '@level-one/transfer';
import { type Charge } from '../schema/charge.entity.js';
import { FORBIDDEN, NOT_ALLOWED, openHouseLedger } from '../test/house-ledger.fixture.js';
import type { Principal } from './principal.js';

const HOUSE = ['issuance', 'fees', 'commission', 'agent-commission', 'scheme', 'admin'];
const ALICE = ownerOf('alice');
const CONNECTOR = ownerOf('connector');
const EVERY_RIGHT: Principal = { name: 'role', isAdmin: false, rights: Object.values(Right) };

let test: TestLedger;

beforeEach(async () => {
  test = await openHouseLedger();
});

afterEach(() => test.close());

describe('A1: money of the house', () => {
  const somebody: [string, Principal][] = [
    ['the admin', ADMIN],
    ['a role with every right', EVERY_RIGHT],
  ];

  it.each(HOUSE.flatMap((name) => somebody.map(([who, principal]) => [name, who, principal] as const)))(
    'on %s is neither debited nor credited by a transfer of %s',
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

  it('is not debited by the owner of its account either', async () => {
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
  ])('is not moved by a charge %s, before the prepare or after', async (_, given) => {
    const request = transferRequest();
    await expect(test.ledger.putCharges(request.content.id, [given])).rejects.toMatchObject(NOT_ALLOWED);
    await test.ledger.putTransfer(request, ALICE);
    await expect(test.ledger.putCharges(request.content.id, [given])).rejects.toMatchObject(NOT_ALLOWED);
  });

  it.each([
    ['a fee', charge('kim', 'fees', ChargeKind.Fee)],
    ['a commission', charge('commission', 'kim', ChargeKind.Commission)],
  ])('A1: %s of a customer who is not a party of the transfer is refused, whichever is put first', async (_, given) => {
    const known = transferRequest();
    await test.ledger.putTransfer(known, ALICE);
    await expect(test.ledger.putCharges(known.content.id, [given])).rejects.toMatchObject(NOT_ALLOWED);
    const later = transferRequest();
    await test.ledger.putCharges(later.content.id, [given]);
    await expect(test.ledger.putTransfer(later, ALICE)).rejects.toMatchObject(NOT_ALLOWED);
    expect(await test.funds('kim')).toEqual([1_000n, 0n]);
  });

  it('of a connector is moved by the connector only', async () => {
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

  it('cannot get another kind once anything was booked or held', async () => {
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

  it("on an account that became the DFSP's own cannot be moved by an earlier proposal", async () => {
    await test.open({ name: 'dora', minimumAllowedBalance: -1_000n });
    const request = transferRequest({ debitAccount: 'dora', creditAccount: 'bob' });
    await test.ledger.putTransfer({ ...request, authorized: false }, ownerOf('bob'));
    await test.open({ name: 'dora', accountType: AccountType.Fee });
    await expect(test.ledger.putTransfer(request, ADMIN)).rejects.toMatchObject(NOT_ALLOWED);
  });
});

describe('kinds', () => {
  it('of new accounts are customers with direct use, roles if they have rights, or as given', async () => {
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
    expect(await centre.ledger.reads.readAccount('alice')).toMatchObject({ accountType: 'dfsp', directUse: true });
    await expect(centre.ledger.putTransfer(transferRequest(), ADMIN)).rejects.toMatchObject(FORBIDDEN);
    await centre.ledger.putTransfer(transferRequest(), ALICE);
    await centre.close();
  });
});

describe('A3: an account without direct use', () => {
  const role = (right: Right): Principal => ({ name: 'role', isAdmin: false, rights: [right] });

  it('is debited by a role, not by its owner', async () => {
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

  it('is credited by a connector if a role executes the transfer, and by no one else who knows the preimage', async () => {
    const request = transferRequest({ debitAccount: 'connector', creditAccount: 'kim' });
    const { id } = request.content;
    await test.ledger.putTransfer(request, CONNECTOR);
    for (const principal of [ownerOf('kim'), CONNECTOR, ownerOf('bob'), role(Right.Authorize), role(Right.Reject)]) {
      await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, principal)).rejects.toMatchObject(FORBIDDEN);
    }
    await expect(test.ledger.rejectTransfer(id, { message: 'no' }, ownerOf('kim'))).rejects.toMatchObject(FORBIDDEN);
    await test.ledger.fulfilTransfer(id, FULFILLMENT, role(Right.Fulfil));
    expect(await test.funds('kim')).toEqual([1_100n, 0n]);
    // A repeated request has the preimage already.
    expect(await test.ledger.fulfilTransfer(id, FULFILLMENT, ownerOf('kim'))).toBe(FULFILLMENT);
  });

  it('is not credited by a connector without a condition', async () => {
    const request = transferRequest({ debitAccount: 'connector', creditAccount: 'kim', executionCondition: null });
    await expect(test.ledger.putTransfer(request, CONNECTOR)).rejects.toMatchObject(NOT_ALLOWED);
    await test.ledger.putTransfer(transferRequest({ creditAccount: 'kim', executionCondition: null }), ALICE);
  });

  it('rejects proposals only; roles reject prepared transfers for it', async () => {
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

  it('can be used directly once that is set', async () => {
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

function charge(debitAccount: string, creditAccount: string, kind: ChargeKind): Charge {
  return { debitAccount, creditAccount, amount: 1n, kind };
}
