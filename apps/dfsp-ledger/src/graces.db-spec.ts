import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization, settingsFromEnvironment } from '@level-one/platform';
import { eventually } from '@level-one/testing';
import { ALICE, BASE, TestDfspLedger } from './dfsp-ledger.fixture.js';
import { DfspLedgerSettings } from './dfsp-ledger.settings.js';

const CONNECTOR = basicAuthorization('connector', 'connector');

let ledger: TestDfspLedger;
let call: TestDfspLedger['call'];

beforeAll(async () => {
  ledger = await TestDfspLedger.open();
  ({ call } = ledger);
});

afterAll(() => ledger?.close());

describe('the grace of an account', () => {
  it('is set, shown, and taken back by an administrator, and by nobody else', async () => {
    const change = (grace: unknown, as?: string) =>
      call('PUT', '/accounts/connector', { name: 'connector', grace_s: grace }, { ...(as !== undefined && { as }) });
    expect(await change(120)).toMatchObject({ status: 200, json: { grace_s: 120 } });
    expect((await call('PUT', '/accounts/connector', { name: 'connector' })).json.grace_s).toBe(120);
    expect((await call('GET', '/accounts/connector', undefined, { as: CONNECTOR })).json.grace_s).toBe(120);
    expect((await change('default')).json).not.toHaveProperty('grace_s');
    expect((await change(0)).json.grace_s).toBe(0);
    for (const wrong of [-1, 86_401, 1.5, '10']) expect((await change(wrong)).status).toBe(400);
    for (const as of [CONNECTOR, ALICE]) expect((await change(86_400, as)).status).toBe(403);
    expect((await call('PUT', '/accounts/bob', { name: 'bob', grace_s: 10 })).status).toBe(422);
  });
});

describe('the routes of graces', () => {
  it('refuse what is not well-formed, and callers without rights', async () => {
    const [path] = await ledger.prepared();
    const later = { open_until: new Date(Date.now() + 90_000).toISOString() };
    for (const body of [{}, { open_until: 'soon' }, { open_until: '2030-01-01T00:00:00' }, undefined]) {
      expect((await call('PUT', `${path}/grace`, body, { as: CONNECTOR })).status).toBe(400);
    }
    expect((await call('PUT', `${path}/grace`, later, { as: CONNECTOR })).status).toBe(403);
    expect((await call('PUT', `/transfers/${randomUUID()}/grace`, later)).status).toBe(404);
    expect((await call('GET', `/transfers/${randomUUID()}/grace`)).status).toBe(404);
    expect((await call('GET', `${path}/grace`, undefined, { as: CONNECTOR })).status).toBe(404);
    const { status, json } = await call('GET', `${path}/grace`, undefined, { as: ALICE });
    // The payee of this transfer is a customer, so it has no grace.
    expect([status, json.open_until]).toEqual([200, json.expires_at]);
    for (const query of ['limit=0', 'limit=101', 'after=1']) {
      expect((await call('GET', `/accounts/connector/late-transfers?${query}`)).status).toBe(400);
    }
    expect((await call('GET', '/accounts/nobody/late-transfers')).status).toBe(404);
    expect((await call('GET', '/accounts/connector/late-transfers', undefined, { as: ALICE })).status).toBe(403);
    expect((await call('GET', '/accounts/connector/late-transfers', undefined, { as: CONNECTOR })).json).toEqual({
      account: expect.stringContaining('/accounts/connector'),
      transfers: [],
      next: null,
    });
  });
});

describe('the lists of lapsed transfers', () => {
  it('are for the owner of the account, and for administrators', async () => {
    const nothing = { status: 200, json: { count: 0, transfers: [], next: null } };
    expect(await call('GET', '/lapsed-transfers')).toMatchObject(nothing);
    expect(await call('GET', '/accounts/connector/lapsed-transfers', undefined, { as: CONNECTOR })).toMatchObject(
      nothing,
    );
    expect((await call('GET', '/lapsed-transfers', undefined, { as: CONNECTOR })).status).toBe(403);
    expect((await call('GET', '/accounts/connector/lapsed-transfers', undefined, { as: ALICE })).status).toBe(403);
    expect((await call('GET', '/accounts/nobody/lapsed-transfers')).status).toBe(404);
    for (const query of ['limit=0', 'limit=101', 'before=1']) {
      expect((await call('GET', `/lapsed-transfers?${query}`)).status).toBe(400);
    }
  });

  it('have what lapsed, without memos', async () => {
    await call('PUT', '/accounts/connector', { name: 'connector', grace_s: 1 });
    const [path] = await ledger.prepared({
      credits: [{ account: `${BASE}/accounts/connector`, amount: '10.40' }],
      expires_at: new Date(Date.now() + 1_500).toISOString(),
    });
    await eventually(async () => {
      const { json } = await call('GET', '/lapsed-transfers?limit=1');
      expect(json).toMatchObject({
        count: 1,
        transfers: [
          { id: `${BASE}${path}`, state: 'rejected', rejection_reason: 'expired', open_until: expect.any(String) },
        ],
        next: expect.stringContaining(`/ledger/lapsed-transfers?limit=1&before=${path.split('/').at(-1)}`),
      });
      expect(json.transfers[0].debits[0]).not.toHaveProperty('memo');
    });
  });
});

describe('GET /downtimes', () => {
  it('is for administrators, page by page', async () => {
    expect(await call('GET', '/downtimes')).toMatchObject({ status: 200, json: { downtimes: [], next: null } });
    expect((await call('GET', '/downtimes', undefined, { as: CONNECTOR })).status).toBe(403);
    expect((await call('GET', '/downtimes', undefined, { as: null })).status).toBe(401);
    for (const query of ['limit=0', 'limit=101', 'before=x']) {
      expect((await call('GET', `/downtimes?${query}`)).status).toBe(400);
    }
  });
});

describe('the settings of graces', () => {
  const needed = {
    PORT: '0',
    DFSP: 'dfsp1',
    DATABASE_SCHEMA: 'test',
    DATABASE_URL: 'postgres://localhost/test',
    LEDGER_ADMIN_PASSWORD: 'admin',
    TOKEN_SECRET: 'secret',
    DEMO_NETWORK: 'true',
  };
  const graceWith = (given: Record<string, string>): number =>
    settingsFromEnvironment(DfspLedgerSettings, { ...needed, ...given }).lateGraceS;

  it('LATE_SOURCE_GRACE_S, the older name, is still read', () => {
    expect(graceWith({})).toBe(600);
    expect(graceWith({ LATE_SOURCE_GRACE_S: '60' })).toBe(60);
    expect(graceWith({ LATE_SOURCE_GRACE_S: '0' })).toBe(0);
    expect(graceWith({ LATE_SOURCE_GRACE_S: '60', LATE_GRACE_S: '90' })).toBe(90);
    expect(() => graceWith({ LATE_SOURCE_GRACE_S: '-1' })).toThrow(/LATE_SOURCE_GRACE_S/);
    expect(() => graceWith({ LATE_GRACE_S: '86401' })).toThrow(/LATE_GRACE_S/);
  });
});
