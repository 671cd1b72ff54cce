import { describe, expect, it } from '@jest/globals';
import type { LoginGuard } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { Right } from '@level-one/transfer';
import type { Credentials } from './credentials.js';
import type { Principal } from '../rules/principal.js';
import { AccountAllowances } from './account-allowances.js';
import { LedgerAuthenticator } from './caller.js';

const TOO_MANY = { status: 429, id: 'TooManyRequestsError' };
const ALICE: Principal = { name: 'alice', isAdmin: false, isCustomer: true, rights: [] };
const BOB: Principal = { ...ALICE, name: 'bob' };
const DIRECT: Principal = { ...ALICE, name: 'direct', hasDirectUse: true };
const CONNECTOR: Principal = { name: 'connector', isAdmin: false, isCustomer: false, rights: [] };
const ROLE: Principal = { ...CONNECTOR, name: 'role', rights: [Right.Read] };

describe("A4, A8: the allowances of one customer's account", () => {
  it('limit requests per account before a body is read; connectors, roles and accounts with direct use are not limited', async () => {
    let caller = ALICE;
    const credentials = { principalOf: async () => caller } as unknown as Credentials;
    const guard = { addressOf: () => '127.0.0.1' } as unknown as LoginGuard;
    const authenticator = new LedgerAuthenticator(credentials, guard, new AccountAllowances(1));
    const request = { headers: { authorization: 'Basic x' } } as unknown as FastifyRequest;
    const ask = (as: Principal): Promise<unknown> => {
      caller = as;
      return authenticator.callersOf({ ...request });
    };
    for (let count = 0; count < 10; count += 1) expect(await ask(ALICE)).toEqual(['account']);
    await expect(ask(ALICE)).rejects.toMatchObject(TOO_MANY);
    expect(await ask(BOB)).toEqual(['account']);
    for (let count = 0; count < 30; count += 1) {
      expect(await ask(CONNECTOR)).toEqual(['account']);
      expect(await ask(ROLE)).toEqual(['account']);
      expect(await ask(DIRECT)).toEqual(['account']);
    }
  });

  it('let a customer send fewer messages than a connector', async () => {
    const allowances = new AccountAllowances(100);
    const large = { text: 'x'.repeat(16_000) };
    await allowances.takeMessage(ALICE, large);
    await allowances.takeMessage(ALICE, large);
    await expect(allowances.takeMessage(ALICE, large)).rejects.toMatchObject(TOO_MANY);
    for (let count = 0; count < 30; count += 1) await allowances.takeMessage(CONNECTOR, large);
    for (let count = 0; count < 40; count += 1) await allowances.takeMessage(BOB, { text: 'short' });
    await expect(allowances.takeMessage(BOB, { text: 'short' })).rejects.toMatchObject(TOO_MANY);
  });
});
