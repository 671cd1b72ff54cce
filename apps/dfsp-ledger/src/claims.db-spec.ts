import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicKeyOf, signDocument, signedDocument, SigningKey } from '@level-one/peers';
import { basicAuthorization, settingsFromEnvironment } from '@level-one/platform';
import { eventually, FULFILLMENT } from '@level-one/testing';
import { ALICE, BASE, BOB, TestDfspLedger } from './dfsp-ledger.fixture.js';
import { DfspLedgerSettings } from './dfsp-ledger.settings.js';

const CONNECTOR = basicAuthorization('connector', 'connector');
const SECOND_ADMIN = basicAuthorization('auditor', 'auditor');
/** Key of the ledger behind the connector. */
const KEY = SigningKey.of('ledger', '05'.repeat(32));

let ledger: TestDfspLedger;
let call: TestDfspLedger['call'];

beforeAll(async () => {
  ledger = await TestDfspLedger.open({ claimLedgerKeys: `connector=${KEY.publicKey}`, claimAccount: 'claims' });
  ({ call } = ledger);
  await call('PUT', '/accounts/connector', { name: 'connector', grace_s: 1 });
  await call('PUT', '/accounts/claims', { name: 'claims', accountType: 's', balance: '100.00' });
  await call('PUT', '/accounts/auditor', { name: 'auditor', password: 'auditor', rights: ['admin'] });
});

afterAll(() => ledger?.close());

/** A transfer of 10.40 to the connector whose grace has lapsed. @returns its path and its expiry. */
async function lapsed(): Promise<[string, number]> {
  const expiresAt = Date.now() + 1_500;
  const [path] = await ledger.prepared({
    credits: [{ account: `${BASE}/accounts/connector`, amount: '10.40' }],
    expires_at: new Date(expiresAt).toISOString(),
  });
  await eventually(async () => expect((await call('GET', path)).json.state).toBe('rejected'));
  return [path, expiresAt];
}

function claimOf(path: string, expiresAt: number, key = KEY): Record<string, string> {
  const statement = signDocument(key, {
    id: `http://centre${path}`,
    state: 'executed',
    fulfillment_hash: 'Yw3NKWbEM2aRElRIu7JbT_QSpJxzLbLIq8G4WBvXEN0',
    expires_at: new Date(expiresAt - 1_000).toISOString(),
    open_until: new Date(expiresAt - 1_000).toISOString(),
    executed_at: new Date(expiresAt - 1_200).toISOString(),
  });
  return { amount: '10.40', fulfillment: FULFILLMENT, statement };
}

describe('late claims', () => {
  it('are made by the creditor, and paid when two administrators approve', async () => {
    const [path, expiresAt] = await lapsed();
    const claim = claimOf(path, expiresAt);
    const made = await call('POST', `${path}/claims`, claim, { as: CONNECTOR });
    expect(made).toMatchObject({
      status: 201,
      json: { transfer: BASE + path, account: `${BASE}/accounts/connector`, amount: '10.40', state: 'waiting' },
    });
    expect(await call('POST', `${path}/claims`, claim, { as: CONNECTOR })).toMatchObject({
      status: 200,
      json: made.json,
    });
    expect((await call('GET', '/claims?limit=1')).json).toMatchObject({
      claims: [made.json],
      next: expect.any(String),
    });
    expect((await call('PUT', `${path}/claims/approval`)).json).toMatchObject({
      state: 'waiting',
      approved_by: ['admin'],
    });
    const paid = await call('PUT', `${path}/claims/approval`, undefined, { as: SECOND_ADMIN });
    expect(paid.json).toMatchObject({ state: 'booked', approved_by: ['admin', 'auditor'] });
    expect((await call('GET', `${path}/claims`, undefined, { as: CONNECTOR })).json).toEqual(paid.json);
    const booking = await call('GET', paid.json.booking.replace(BASE, ''), undefined, { as: CONNECTOR });
    expect(booking.json).toMatchObject({ state: 'executed', additional_info: { claim: path.split('/').at(-1) } });
    expect((await call('GET', '/accounts/claims')).json.balance).toBe('89.60');
    expect((await call('GET', '/claims')).json).toEqual({ claims: [], next: null });
    expect((await call('GET', '/claims?state=all')).json.claims).toEqual([paid.json]);
  });

  it('are proved by a key that the account is given at run time, until it is taken away', async () => {
    const key = SigningKey.of('ledger', '06'.repeat(32));
    const give = (keys: unknown, name = 'connector') =>
      call('PUT', `/accounts/${name}`, { name, claim_ledger_keys: keys });
    const claim = async () => {
      const [path, expiresAt] = await lapsed();
      return () => call('POST', `${path}/claims`, claimOf(path, expiresAt, key), { as: CONNECTOR });
    };
    const [first, second] = [await claim(), await claim()];
    expect(await first()).toMatchObject({
      status: 422,
      json: { message: expect.stringMatching(/^statement: no ledger/) },
    });

    expect(await give([key.publicKey])).toMatchObject({ status: 200, json: { claim_ledger_keys: [key.publicKey] } });
    expect(await first()).toMatchObject({ status: 201, json: { state: 'waiting' } });
    expect((await call('PUT', '/accounts/connector', { name: 'connector' })).json.claim_ledger_keys).toHaveLength(1);
    expect((await give([])).json).not.toHaveProperty('claim_ledger_keys');
    expect((await second()).status).toBe(422);

    expect((await give([key.publicKey], 'alice')).json).toMatchObject({
      message: expect.stringMatching(/no late claims/),
    });
    const wrong = [['short'], key.publicKey, Array.from({ length: 5 }, (_, at) => `${at}${key.publicKey.slice(1)}`)];
    for (const keys of wrong) expect([keys, (await give(keys)).status]).toEqual([keys, 400]);
  });

  it('are refused by an administrator with a reason', async () => {
    const [path, expiresAt] = await lapsed();
    await call('POST', `${path}/claims`, claimOf(path, expiresAt), { as: CONNECTOR });
    expect((await call('PUT', `${path}/claims/refusal`, {})).status).toBe(400);
    const { json } = await call('PUT', `${path}/claims/refusal`, { reason: 'paid otherwise' });
    expect(json).toMatchObject({ state: 'refused', refused_by: 'admin', reason: 'paid otherwise' });
  });

  it('are refused from others, and when they are not well-formed', async () => {
    const [path, expiresAt] = await lapsed();
    const claim = claimOf(path, expiresAt);
    const send = (body: unknown, as: string | null = CONNECTOR) => call('POST', `${path}/claims`, body, { as });
    for (const [as, status] of [
      [ALICE, 403],
      [BOB, 404],
      [null, 401],
    ] as const) {
      expect((await send(claim, as)).status).toBe(status);
    }
    for (const change of [{ amount: 'x' }, { amount: null }, { fulfillment: 1 }, { statement: null }]) {
      expect((await send({ ...claim, ...change })).status).toBe(400);
    }
    expect((await send({ ...claim, amount: '0' })).status).toBe(422);
    expect((await send({ ...claim, amount: '10.41' })).status).toBe(422);
    expect((await call('GET', `${path}/claims`)).status).toBe(404);
    for (const route of ['approval', 'refusal']) {
      const refused = await call('PUT', `${path}/claims/${route}`, { reason: 'no' }, { as: CONNECTOR });
      expect(refused.status).toBe(403);
      expect((await call('PUT', `/transfers/${randomUUID()}/claims/${route}`, { reason: 'no' })).status).toBe(404);
    }
    expect((await call('GET', '/claims', undefined, { as: CONNECTOR })).status).toBe(403);
    for (const query of ['limit=0', 'state=none', 'after=1'])
      expect((await call('GET', `/claims?${query}`)).status).toBe(400);
  });
});

describe('the statement of a transfer', () => {
  it('is signed by the key of the ledger, for the parties', async () => {
    const [path] = await ledger.prepared();
    await call('PUT', `${path}/fulfillment`, FULFILLMENT);
    const { json } = await call('GET', `${path}/statement`, undefined, { as: ALICE });
    const { signature, ...statement } = json;
    expect(statement).toMatchObject({
      id: BASE + path,
      ledger: BASE,
      amount: '10.40',
      currency: 'USD',
      state: 'executed',
      fulfillment_hash: 'Yw3NKWbEM2aRElRIu7JbT_QSpJxzLbLIq8G4WBvXEN0',
      executed_at: expect.any(String),
    });
    const key = await call('GET', '/signing-key', undefined, { as: null });
    expect(key).toMatchObject({ status: 200, json: { algorithm: 'Ed25519' } });
    expect(signedDocument(signature, [publicKeyOf(key.json.public_key)!])).toEqual(statement);
    expect((await call('GET', `${path}/statement`, undefined, { as: CONNECTOR })).status).toBe(404);
  });
});

describe('the digest of the event log', () => {
  it('is signed, for administrators and the right to read', async () => {
    const { status, json } = await call('GET', '/digest?upto=1');
    const key = publicKeyOf((await call('GET', '/signing-key')).json.public_key)!;
    expect([status, json]).toMatchObject([
      200,
      { ledger: BASE, upto: '1', digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    expect(signedDocument(json.signature, [key])).toEqual({ ledger: BASE, upto: '1', digest: json.digest });
    expect((await call('GET', '/digest')).json.upto).toBe(json.last);
    expect((await call('GET', '/digest', undefined, { as: CONNECTOR })).status).toBe(403);
    expect((await call('GET', '/digest', undefined, { as: null })).status).toBe(401);
    expect((await call('GET', '/digest?upto=-1')).status).toBe(400);
    expect((await call('GET', '/digest?upto=1000000')).status).toBe(422);
  });
});

describe('the settings of claims', () => {
  const environment = {
    PORT: '0',
    DFSP: 'dfsp1',
    DATABASE_SCHEMA: 'test',
    DATABASE_URL: 'postgres://localhost/test',
    LEDGER_ADMIN_PASSWORD: 'admin',
    TOKEN_SECRET: 'secret',
    DEMO_NETWORK: 'true',
  };

  it('take keys by account, and refuse what is no key', () => {
    const keysWith = (keys: string) =>
      settingsFromEnvironment(DfspLedgerSettings, { ...environment, CLAIM_LEDGER_KEYS: keys }).claimLedgerKeys;
    expect(keysWith(`a=${KEY.publicKey},b=${KEY.publicKey}`)).toContain('b=');
    for (const wrong of [KEY.publicKey, 'a=short', `a=${KEY.publicKey},`]) {
      expect(() => keysWith(wrong)).toThrow(/CLAIM_LEDGER_KEYS/);
    }
  });
});
