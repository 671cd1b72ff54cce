import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { BASE } from '../central-ledger.fixture.js';
import { TestSettlements } from './settlements.fixture.js';

let test: TestSettlements;
let call: TestSettlements['call'];
let pay: TestSettlements['pay'];
let open: TestSettlements['open'];
let close: TestSettlements['close'];
let confirm: TestSettlements['confirm'];

beforeAll(async () => {
  test = await TestSettlements.start();
  ({ call, pay, open, close, confirm } = test);
});

afterAll(() => test?.stop());

const settle = async () => {
  const { status, json } = await call('POST', '/webhooks/settle-transfers');
  expect(status).toBe(200);
  return json;
};

const none = { payments: '0.000', receipts: '0.000', net: '0.000' };
const position = (name: string, payments: string, receipts: string, net: string) => ({
  account: `${BASE}/accounts/${name}`,
  fees: none,
  transfers: { payments, receipts, net },
  net,
});
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('POST /webhooks/settle-transfers', () => {
  it('closes the open window, and opens the next one', async () => {
    const transfers = [await pay('dfsp1', 'dfsp2', '10.4'), await pay('dfsp2', 'dfsp1', '3.005')];
    const settlement = await settle();
    expect(settlement).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      number: 1,
      state: 'closed',
      opened_at: TIME,
      closed_at: TIME,
      settled_at: null,
      transfer_count: 2,
      positions: [
        { ...position('dfsp1', '10.400', '3.005', '-7.395'), confirmed: '0.000', outstanding: '-7.395' },
        { ...position('dfsp2', '3.005', '10.400', '7.395'), confirmed: '0.000', outstanding: '7.395' },
      ],
      transfers,
    });
    const { transfers: _, ...recorded } = settlement;
    expect((await call('GET', `/settlements/${settlement.id}`)).json).toEqual(recorded);
    expect((await call('GET', '/positions/dfsp1')).json).toEqual({
      ...position('dfsp1', '0.000', '0.000', '0.000'),
      unsettled: '-7.395',
      held: '0.000',
      net_debit_cap: null,
      used_percent: null,
    });
    expect((await call('GET', '/accounts/dfsp1')).json.balance).toBe('-7.395');
    expect(await settle()).toMatchObject({ transfer_count: 0, positions: [], transfers: [], state: 'settled' });
  });

  it('is for administrators', async () => {
    for (const as of ['dfsp1', 'auditor']) {
      expect(await call('POST', '/webhooks/settle-transfers', undefined, as)).toMatchObject({ status: 403 });
    }
    expect(await call('POST', '/webhooks/settle-transfers', undefined, null)).toMatchObject({ status: 401 });
  });
});

describe('POST /settlements/{id}/close', () => {
  it('closes the window once, and answers a repeated request with it', async () => {
    const { id, state } = await open();
    expect(state).toBe('open');
    const first = await call('POST', `/settlements/${id}/close`);
    expect(first).toMatchObject({ status: 200, json: { id } });
    expect(await call('POST', `/settlements/${id}/close`)).toEqual(first);
    expect((await open()).number).toBe(first.json.number + 1);
    expect((await call('POST', `/settlements/${randomUUID()}/close`)).status).toBe(404);
    expect((await call('POST', '/settlements/1/close')).status).toBe(400);
    expect((await call('POST', `/settlements/${id}/close`, undefined, 'dfsp1')).status).toBe(403);
  });
});

describe('POST /settlements/{id}/confirmations', () => {
  it('ends a closed window, which operators see as open until then', async () => {
    await pay('dfsp1', 'dfsp2', '2');
    const { id } = await close();
    const isOpen = async (): Promise<unknown[]> =>
      (await call('GET', '/open/settlement-window?limit=200')).json.entries.filter(
        (one: { id: string }) => one.id === id,
      );
    expect(await isOpen()).toMatchObject([{ state: 'closed', overdue: false, due: null, since: TIME }]);
    await confirm(id, ['dfsp1', '2', 'open 1']);
    expect(await isOpen()).toHaveLength(1);
    expect((await confirm(id, ['dfsp2', '2', 'open 2'])).json).toMatchObject({ state: 'settled' });
    expect(await isOpen()).toEqual([]);
  });

  it('moves positions by amounts, some accounts first, once for each reference', async () => {
    const before = (await call('GET', '/positions/dfsp3')).json.unsettled;
    await pay('dfsp3', 'dfsp2', '20');
    const { id } = await close();
    const first = await confirm(id, ['dfsp3', '15', 'bank 1']);
    expect(first.status).toBe(200);
    expect(first.json).toMatchObject({ state: 'closed', settled_at: null });
    expect(first.json.positions[1]).toMatchObject({ confirmed: '15.000', outstanding: '-5.000' });
    expect(await confirm(id, ['dfsp3', '15.000', 'bank 1'])).toEqual(first);
    expect(await confirm(id, ['dfsp3', '15.001', 'bank 1'])).toMatchObject({
      status: 400,
      json: { id: 'InvalidModificationError' },
    });
    expect(await confirm(id, ['dfsp3', '5.001', 'bank 2'])).toMatchObject({ status: 422 });
    const last = await confirm(id, ['dfsp3', '5', 'bank 2'], ['dfsp2', '20', 'bank 1']);
    expect(last.json).toMatchObject({ state: 'settled', settled_at: TIME });
    expect((await call('GET', '/positions/dfsp3')).json.unsettled).toBe(before);
    expect((await call('GET', '/invariants')).json.hold).toBe(true);
  });

  it('field J: takes accounts as windows show them, by URI', async () => {
    await pay('dfsp3', 'dfsp1', '4');
    const { id, positions } = await close();
    const shown = (positions as { account: string }[]).map(({ account }) => account);
    const first = await confirm(id, [shown[0]!, '4', 'by URI']);
    expect(first).toMatchObject({ status: 200, json: { state: 'closed' } });
    expect(await confirm(id, ['dfsp1', '4', 'by URI'])).toEqual(first);
    expect((await confirm(id, [shown[1]!, '4', 'by URI'])).json).toMatchObject({ state: 'settled' });
  });

  it('refuses what is malformed, and callers who are no administrators', async () => {
    await pay('dfsp1', 'dfsp2', '1');
    const { id } = await close();
    const path = `/settlements/${id}/confirmations`;
    const one = { account: 'dfsp1', amount: '1', reference: 'x' };
    for (const body of [
      undefined,
      {},
      { confirmations: [] },
      { confirmations: [null] },
      { confirmations: ['dfsp1'] },
      { confirmations: [{ ...one, amount: 'much' }] },
      { confirmations: [{ ...one, reference: '' }] },
      { confirmations: [{ ...one, account: 7 }] },
    ]) {
      expect((await call('POST', path, body)).status).toBe(400);
    }
    for (const amount of ['0', '-1', '0.0001']) {
      expect((await call('POST', path, { confirmations: [{ ...one, amount }] })).status).toBe(422);
    }
    for (const as of ['dfsp1', 'auditor']) {
      expect((await call('POST', path, { confirmations: [one] }, as)).status).toBe(403);
    }
    expect((await call('GET', `/settlements/${id}`)).json.positions[0].outstanding).toBe('-1.000');
  });
});

describe('GET /settlements/{id}/reports/{name}', () => {
  it('shows an account what it settles, with whom it traded, and its bookings', async () => {
    const paid = [await pay('dfsp1', 'dfsp2', '3'), await pay('dfsp3', 'dfsp1', '1')];
    const { id } = await close();
    await confirm(id, ['dfsp1', '1.5', 'report 1']);
    const path = `/settlements/${id}/reports/dfsp1`;
    const { status, json } = await call('GET', path, undefined, 'dfsp1');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      window: { id, state: 'closed' },
      position: { net: '-2.000', confirmed: '1.500', outstanding: '-0.500' },
      counterparties: [
        { account: `${BASE}/accounts/dfsp2`, payments: '3.000', receipts: '0.000', net: '-3.000' },
        { account: `${BASE}/accounts/dfsp3`, payments: '0.000', receipts: '1.000', net: '1.000' },
      ],
      confirmations: [{ amount: '1.500', reference: 'report 1', confirmed_at: TIME }],
    });
    const entries: unknown[] = [];
    for (let next: string | null = `${path}/entries?limit=1`; next !== null;) {
      const page: { json: { entries: unknown[]; next: string | null } } = await call('GET', next, undefined, 'dfsp1');
      entries.push(...page.json.entries);
      next = page.json.next?.replace(BASE, '') ?? null;
    }
    expect(entries).toMatchObject([
      { transfer: paid[0], counterparty: `${BASE}/accounts/dfsp2`, kind: 'transfer', amount: '-3.000' },
      { transfer: paid[1], counterparty: `${BASE}/accounts/dfsp3`, kind: 'transfer', amount: '1.000' },
    ]);
    expect((await call('GET', path, undefined, 'auditor')).status).toBe(200);
    for (const route of [path, `${path}/entries`]) {
      expect((await call('GET', route, undefined, 'dfsp2')).status).toBe(403);
      expect((await call('GET', route, undefined, null)).status).toBe(401);
    }
    expect((await call('GET', `/settlements/${id}/reports/nobody`)).status).toBe(404);
  });
});

describe('an account near its net debit cap', () => {
  it('is listed, noted by the health, and no longer once its settlement is confirmed', async () => {
    await call('PUT', '/accounts/dfsp5', {
      name: 'dfsp5',
      password: 'dfsp5',
      minimum_allowed_balance: '-1000',
      net_debit_cap: '10',
    });
    const listed = async () => (await call('GET', '/cap-alerts', undefined, 'auditor')).json.alerts;
    const notes = async (): Promise<string[]> => (await call('GET', '/health', undefined, null)).json.notes ?? [];
    await pay('dfsp5', 'dfsp2', '7.999');
    expect(await listed()).toEqual([]);
    await pay('dfsp5', 'dfsp2', '0.001');
    expect(await listed()).toEqual([
      {
        account: `${BASE}/accounts/dfsp5`,
        unsettled: '-8.000',
        held: '0.000',
        net_debit_cap: '10.000',
        used_percent: 80,
      },
    ]);
    await eventually(async () => expect(await notes()).toContainEqual(expect.stringContaining('net debit cap: 1')));
    const { id } = await close();
    expect(await listed()).toHaveLength(1);
    await confirm(id, ['dfsp5', '8', 'cap 1']);
    expect(await listed()).toEqual([]);
    await eventually(async () => expect(await notes()).toEqual([]));
    expect((await call('GET', '/cap-alerts', undefined, 'dfsp5')).status).toBe(403);
  });
});

describe('GET /settlements', () => {
  it('lists them, the newest first', async () => {
    const [first, second] = [await settle(), await settle()];
    const { number } = await open();
    const { json } = await call('GET', `/settlements?limit=2&before=${number}`, undefined, 'dfsp1');
    expect(json.map(({ id }: { id: string }) => id)).toEqual([second.id, first.id]);
    expect(json[0]).toMatchObject({ id: second.id, closed_at: second.closed_at, transfer_count: 0 });
    expect((await call('GET', '/settlements')).json.length).toBeGreaterThan(2);
    expect((await call('GET', '/settlements', undefined, null)).status).toBe(401);
    for (const before of ['0', 'x']) expect((await call('GET', `/settlements?before=${before}`)).status).toBe(400);
    for (const limit of ['0', '501', 'x', ''])
      expect((await call('GET', `/settlements?limit=${limit}`)).status).toBe(400);
  });

  it('answers each DFSP its own position, and all positions to readers of balances', async () => {
    await pay('dfsp1', 'dfsp2', '1');
    const { id } = await settle();
    const seenBy = async (as: string) =>
      (await call('GET', `/settlements/${id}`, undefined, as)).json.positions.map(({ account }: { account: string }) =>
        account.split('/').at(-1),
      );
    expect(await seenBy('admin')).toEqual(['dfsp1', 'dfsp2']);
    expect(await seenBy('auditor')).toEqual(['dfsp1', 'dfsp2']);
    expect(await seenBy('dfsp2')).toEqual(['dfsp2']);
    expect(await seenBy('dfsp3')).toEqual([]);
  });

  it('answers 404 for an unknown window, 400 for an id that is no UUID', async () => {
    for (const path of ['', '/transfers']) {
      expect(await call('GET', `/settlements/${randomUUID()}${path}`)).toMatchObject({ status: 404 });
      expect(await call('GET', `/settlements/1${path}`)).toMatchObject({
        status: 400,
        json: { id: 'InvalidUriParameterError' },
      });
    }
  });
});

describe('GET /settlements/{id}/transfers', () => {
  it('`next` leads through all transfers, each once, in the order of execution', async () => {
    const paid: string[] = [];
    for (const amount of ['1', '2', '3', '4', '5']) paid.push(await pay('dfsp1', 'dfsp2', amount));
    const { id, transfers } = await settle();
    expect(transfers).toEqual(paid);
    const covered: string[] = [];
    let path: string | undefined = `/settlements/${id}/transfers?limit=2`;
    while (path) {
      const { status, json } = await call('GET', path, undefined, 'auditor');
      expect(status).toBe(200);
      expect(json.transfers.length).toBeLessThanOrEqual(2);
      covered.push(...json.transfers);
      path = json.next?.replace(BASE, '');
    }
    expect(covered).toEqual(paid);
    expect((await call('GET', `/settlements/${id}/transfers`)).json).toEqual({ transfers: paid, next: null });
    for (const query of ['limit=0', 'limit=1001', 'after=x', 'after=-1']) {
      expect((await call('GET', `/settlements/${id}/transfers?${query}`)).status).toBe(400);
    }
  });

  it('is for administrators and readers of balances', async () => {
    const { id } = await settle();
    expect((await call('GET', `/settlements/${id}/transfers`, undefined, 'dfsp1')).status).toBe(403);
    expect((await call('GET', `/settlements/${id}/transfers`, undefined, null)).status).toBe(401);
  });
});

describe('a statement', () => {
  it('is available at the central ledger too', async () => {
    await call('PUT', '/accounts/dfsp6', { name: 'dfsp6', password: 'dfsp6', minimum_allowed_balance: '-10' });
    await pay('dfsp6', 'dfsp2', '0.001');
    const { json } = await call('GET', '/accounts/dfsp6/entries?limit=1', undefined, 'dfsp6');
    expect(json).toMatchObject({
      account: `${BASE}/accounts/dfsp6`,
      entries: [{ counterparty: `${BASE}/accounts/dfsp2`, amount: '-0.001', balance: '-0.001', kind: 'transfer' }],
    });
    expect(json.next).toMatch(new RegExp(`^${BASE}/accounts/dfsp6/entries\\?limit=1&before=\\d+$`));
    expect((await call('GET', json.next.replace(BASE, ''), undefined, 'dfsp6')).json).toMatchObject({
      entries: [],
      next: null,
    });
    expect((await call('GET', '/accounts/dfsp6/entries', undefined, 'dfsp1')).status).toBe(403);
    expect((await call('GET', '/invariants')).json.hold).toBe(true);
    expect((await call('GET', '/invariants', undefined, 'dfsp1')).status).toBe(403);
  });
});

describe('DELETE /accounts/{name}', () => {
  it('is refused for a DFSP until its position is settled', async () => {
    await call('PUT', '/accounts/dfsp4', { name: 'dfsp4', password: 'dfsp4', balance: '1.000' });
    await pay('dfsp4', 'dfsp3', '1');
    expect(await call('DELETE', '/accounts/dfsp4')).toMatchObject({
      status: 422,
      json: { id: 'UnprocessableEntityError', message: 'The position of the account is not settled' },
    });
    const { id } = await close();
    expect((await call('DELETE', '/accounts/dfsp4')).status).toBe(422);
    await confirm(id, ['dfsp4', '1', 'last']);
    await call('POST', '/accounts/dfsp4/funds', { id: randomUUID(), amount: '1', direction: 'out', reference: 'left' });
    expect(await call('DELETE', '/accounts/dfsp4')).toMatchObject({ status: 200, json: { is_disabled: true } });
  });
});
