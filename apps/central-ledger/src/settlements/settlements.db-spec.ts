import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningRole } from '@level-one/platform';
import {
  callerOf,
  closeLedger,
  CONDITION,
  createTestDatabase,
  eventually,
  FULFILLMENT,
  type RoleCaller,
  type TestDatabase,
} from '@level-one/testing';
import { BASE, startCentralLedger } from '../central-ledger.fixture.js';

let database: TestDatabase;
let ledger: RunningRole;
let call: RoleCaller;

beforeAll(async () => {
  database = await createTestDatabase();
  ledger = await startCentralLedger(database, { currency: 'TND', scale: 3, capCheckIntervalMs: 100 });
  call = callerOf(ledger);
  for (const name of ['dfsp1', 'dfsp2', 'dfsp3']) {
    await call('PUT', `/accounts/${name}`, { name, password: name, minimum_allowed_balance: '-1000000.00' });
  }
  await call('PUT', '/accounts/auditor', { name: 'auditor', password: 'auditor', rights: ['read'] });
});

afterAll(() => closeLedger(ledger, database));

/** @returns URI of an executed transfer. */
async function pay(from: string, to: string, amount: string): Promise<string> {
  const path = `/transfers/${randomUUID()}`;
  const body = {
    debits: [{ account: from, amount, authorized: true }],
    credits: [{ account: to, amount }],
    execution_condition: CONDITION,
    expires_at: new Date(Date.now() + 60_000).toISOString(),
  };
  const prepared = await call('PUT', path, body, from);
  expect(prepared.status).toBe(201);
  expect((await call('PUT', `${path}/fulfillment`, FULFILLMENT, to)).status).toBe(200);
  return BASE + path;
}

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
const open = async () => (await call('GET', '/settlements?limit=1')).json[0];
const close = async () => (await call('POST', `/settlements/${(await open()).id}/close`)).json;
const confirm = (id: string, ...movements: [string, string, string][]) =>
  call('POST', `/settlements/${id}/confirmations`, {
    confirmations: movements.map(([account, amount, reference]) => ({ account, amount, reference })),
  });

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

describe('payment files', () => {
  it('are the same whenever they are made, with the decimals of the currency and escaped text', async () => {
    await call('PUT', '/settlement-accounts/dfsp1', {
      holder: '=Müller & <Söhne> "AG"',
      iban: 'DE89370400440532013000',
    });
    await call('PUT', '/settlement-accounts/settlement', { holder: 'Scheme', other_id: '4711', bic: 'COBADEFFXXX' });
    await pay('dfsp1', 'dfsp2', '10.405');
    await pay('dfsp3', 'dfsp2', '0.5');
    const { id, closed_at: closedAt } = await close();
    const digits = id.replaceAll('-', '');
    const files = async () => [
      await call('GET', `/settlements/${id}/payments.csv`),
      await call('GET', `/settlements/${id}/pain.001.xml`),
    ];
    const made = await files();
    const [csv, xml] = made.map(({ text }) => text);
    const { number } = (await call('GET', `/settlements/${id}`)).json;
    expect(csv!.split('\r\n')).toEqual([
      'payment_id,window,account,debtor,debtor_account,debtor_bic,creditor,creditor_account,creditor_bic,amount,currency',
      `${digits.slice(0, 24)}-1,${number},dfsp1,"'=Müller & <Söhne> ""AG""",DE89370400440532013000,,Scheme,4711,COBADEFFXXX,10.405,TND`,
      `${digits.slice(0, 24)}-2,${number},dfsp2,Scheme,4711,COBADEFFXXX,dfsp2,dfsp2,,10.905,TND`,
      `${digits.slice(0, 24)}-3,${number},dfsp3,dfsp3,dfsp3,,Scheme,4711,COBADEFFXXX,0.500,TND`,
      '',
    ]);
    expect(xml).toContain('xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"');
    expect(xml).toContain(`<MsgId>${digits}</MsgId>`);
    expect(xml).toContain(`<CreDtTm>${closedAt}</CreDtTm>`);
    expect(xml).toContain('<Nm>=Müller &amp; &lt;Söhne&gt; &quot;AG&quot;</Nm>');
    expect(xml).toContain('<IBAN>DE89370400440532013000</IBAN>');
    expect([...xml!.matchAll(/<InstdAmt Ccy="TND">(.*)<\/InstdAmt>/g)].map(([, amount]) => amount)).toEqual([
      '10.405',
      '0.500',
      '10.905',
    ]);
    expect([...xml!.matchAll(/<(?:MsgId|PmtInfId|EndToEndId)>(.*)<\//g)].every(([, one]) => one!.length <= 35)).toBe(
      true,
    );
    expect(xml).toMatch(/<GrpHdr>[^]*<NbOfTxs>3<\/NbOfTxs>\s*<CtrlSum>21.810<\/CtrlSum>/);
    await confirm(id, ['dfsp1', '10.405', 'file 1']);
    expect((await files()).map(({ text }) => text)).toEqual([csv, xml]);
  });

  it('are for administrators, and for closed windows only', async () => {
    const { id } = await open();
    for (const file of ['payments.csv', 'pain.001.xml']) {
      expect((await call('GET', `/settlements/${id}/${file}`)).status).toBe(422);
      expect((await call('GET', `/settlements/${id}/${file}`, undefined, 'dfsp1')).status).toBe(403);
      expect((await call('GET', `/settlements/${randomUUID()}/${file}`)).status).toBe(404);
    }
  });

  it('need a bank account for each account whose name is too long', async () => {
    const name = 'a DFSP with a name of more than 34 letters';
    await call('PUT', `/accounts/${encodeURIComponent(name)}`, {
      name,
      password: name,
      minimum_allowed_balance: '-10',
    });
    await pay(name, 'dfsp2', '1');
    const { id } = await close();
    expect(await call('GET', `/settlements/${id}/payments.csv`)).toMatchObject({
      status: 422,
      json: { message: expect.stringContaining('needs a bank account') },
    });
    await call('PUT', `/settlement-accounts/${encodeURIComponent(name)}`, { holder: 'Long', other_id: '34' });
    expect((await call('GET', `/settlements/${id}/payments.csv`)).text).toContain(`,${name},Long,34,,Scheme,`);
  });
});

describe('a bank account', () => {
  it('is set by administrators and read by its owner', async () => {
    const stored = { holder: 'Second DFSP', other_id: '12-34', bic: 'COBADEFF' };
    expect(await call('PUT', '/settlement-accounts/dfsp2', stored)).toMatchObject({ status: 200, json: stored });
    expect((await call('GET', '/settlement-accounts/dfsp2', undefined, 'dfsp2')).json).toEqual(stored);
    expect((await call('GET', '/settlement-accounts/dfsp2', undefined, 'dfsp1')).status).toBe(403);
    expect((await call('PUT', '/settlement-accounts/dfsp2', stored, 'dfsp2')).status).toBe(403);
    expect((await call('PUT', '/settlement-accounts/nobody', stored)).status).toBe(404);
    for (const body of [{ ...stored, iban: 'DE89370400440532013000' }, { holder: 'x' }]) {
      expect((await call('PUT', '/settlement-accounts/dfsp2', body)).status).toBe(422);
    }
    for (const body of [
      { ...stored, bic: 'x' },
      { holder: 'x', iban: 'de 1' },
      { other_id: '1' },
      { ...stored, holder: 'x'.repeat(141) },
    ]) {
      expect((await call('PUT', '/settlement-accounts/dfsp2', body)).status).toBe(400);
    }
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
