import { describe, expect, it } from '@jest/globals';
import { Health, HopRecorder, RoleIdentity } from '@level-one/platform';
import { FakePeers } from '@level-one/testing';
import { Right } from '@level-one/transfer';
import { PeerHttp } from '../http/peer-http.js';
import { LedgerAccountCheck } from './ledger-account-check.js';
import { LedgerClient } from './ledger.client.js';

const RIGHTS = [Right.Read, Right.Void];

interface LedgerAnswer {
  status: number;
  json: object;
}

const accountWith = (members: object): LedgerAnswer => ({
  status: 200,
  json: { id: 'http://ledger.test/accounts/dfsp-api', name: 'dfsp-api', ledger: 'http://ledger.test', ...members },
});
const refusal = (status: number): LedgerAnswer => ({ status, json: { id: 'SomeError', message: 'no' } });

async function readinessWith(answer: LedgerAnswer) {
  const ledger = await FakePeers.start();
  try {
    ledger.on(/^GET \/accounts\/dfsp-api$/, () => answer);
    const health = new Health();
    const http = new PeerHttp(new RoleIdentity('dfsp-api', 'dfsp1'), new HopRecorder());
    const peer = { role: 'dfsp-ledger', baseUrl: ledger.url, name: 'dfsp-api', password: 'secret' } as const;
    const check = new LedgerAccountCheck(new LedgerClient(http, peer), RIGHTS, health);
    expect(check).toBeDefined();
    await health.assertReady();
    const readiness = await health.readReadiness();
    await health.readReadiness();
    await http.onApplicationShutdown();
    return { ...readiness, asked: ledger.callsTo(/accounts/) };
  } finally {
    await ledger.stop();
  }
}

describe('LedgerAccountCheck', () => {
  it('asks the ledger with name and password, once for all who look, and is content with an account that has all rights', async () => {
    const { ready, dependencies, asked } = await readinessWith(accountWith({ rights: ['read', 'charge', 'void'] }));
    expect([ready, dependencies]).toEqual([true, [{ name: 'own account on the ledger', ready: true, optional: true }]]);
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([`Basic ${btoa('dfsp-api:secret')}`]);
  });

  it('is content with a ledger that tells no rights', async () => {
    expect((await readinessWith(accountWith({}))).dependencies).toMatchObject([{ ready: true }]);
  });

  it.each([
    ['an account that is not let in', refusal(401), /^is not let in: .*missing, disabled or closed/],
    ['an account without a right', accountWith({ rights: ['read'] }), /^has no right void$/],
    ['a ledger that fails', refusal(500), /^cannot be read/],
  ])('tells of %s, and the role stays ready', async (_, answer, why) => {
    const { ready, dependencies } = await readinessWith(answer);
    expect(ready).toBe(true);
    expect(dependencies).toMatchObject([{ ready: false, optional: true, why: expect.stringMatching(why) }]);
  });
});
