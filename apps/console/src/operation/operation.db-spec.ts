import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { TestConsole } from '../console.fixture.js';
import { exported } from '../traces/made-spans.fixture.js';
import { PositionSamplesKeeper } from './position-samples.keeper.js';

const PAYING = { 'url.path': '/v1/transfer', 'http.request.method': 'POST' };

const POSITIONS = /\/central-ledger\/positions$/;
const OF_DFSP1 = {
  json: {
    positions: [{ account: 'http://centre.test/accounts/dfsp1', net: '-10.40', held: '0.00', net_debit_cap: '500.00' }],
  },
};

describe('what operators look at', () => {
  let console: TestConsole;

  beforeAll(async () => {
    console = await TestConsole.open();
    const { roles } = console;
    roles.on(/^GET .*\/health$/, { status: 503, json: { id: 'x', message: 'Not ready: database is read-only' } });
    roles.on(/^GET \/dfsp1\/dfsp-api\/health$/, { json: { status: 'OK', notes: ['a clock is wrong'] } });
    roles.on(/^GET \/dfsp1\/dfsp-api\/open$/, {
      json: { open: [{ kind: 'payment', state: 'paying', count: 2, overdue: 1 }] },
    });
    roles.on(/^GET \/dfsp1\/dfsp-api\/open\/payment$/, ({ query }) => ({
      json: {
        entries: [{ id: query['after'] ?? 'p1', overdue: query['overdue'] }],
        next: query['after'] ? null : '1.p2',
      },
    }));
    roles.on(/^GET \/dfsp2\/dfsp-api\/undelivered$/, {
      json: { undelivered: [{ id: 'u1', state: 'undeliverable' }], next: 'u1' },
    });
    roles.on(POSITIONS, OF_DFSP1);
    roles.on(/\/settlements$/, { json: [{ id: 'w', number: 7, state: 'open' }] });
    roles.on(/\/invariants$/, { json: { invariants: [{ invariant: 'sums are zero', violations: [{ sum: '1' }] }] } });
    roles.on(/\/central-directory\/dfsps$/, {
      json: [{ shortName: 'dfsp1', status: 'suspended', providerUrl: 'http://dfsp1.test/v1' }],
    });
  });

  afterAll(() => console?.close());

  const get = async (path: string): Promise<any> => (await console.ask(`GET /api/${path}`)).body;

  it('is every role with its health, version and instances', async () => {
    await console.ask('POST /v1/traces', {
      body: exported({ paymentId: randomUUID(), role: 'dfsp-api', startMs: Date.now() }),
    });
    const { roles } = await get('roles');
    expect(roles).toHaveLength(8);
    expect(roles).toContainEqual(
      expect.objectContaining({
        dfsp: 'dfsp1',
        role: 'dfsp-api',
        health: 'up',
        message: 'a clock is wrong',
        version: '0.1.0',
        instances: 1,
      }),
    );
    expect(roles).toContainEqual(
      expect.objectContaining({
        role: 'central-ledger',
        health: 'notReady',
        message: 'Not ready: database is read-only',
      }),
    );
    expect(console.roles.callsTo(/health$/).every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  it('is what is open, overdue and undelivered, and which roles could not be asked', async () => {
    const open = await get('open');
    expect(open.open).toEqual([
      { dfsp: 'dfsp1', role: 'dfsp-api', kind: 'payment', state: 'paying', count: 2, overdue: 1 },
    ]);
    const late = 'open/overdue?dfsp=dfsp1&role=dfsp-api&kind=payment&limit=1';
    expect(await get(late)).toEqual({ entries: [{ id: 'p1', overdue: 'true' }], next: '1.p2' });
    expect(await get(`${late}&after=1.p2`)).toEqual({ entries: [{ id: '1.p2', overdue: 'true' }], next: null });
    expect((await console.ask('GET /api/open/overdue?dfsp=dfsp9&role=dfsp-api&kind=payment')).status).toBe(404);
    expect((await console.ask('GET /api/open/overdue?role=dfsp-api&kind=../x')).status).toBe(400);
    expect(open.missing).toHaveLength(6);
    const { undelivered, missing } = await get('undelivered');
    expect(undelivered).toEqual([{ dfsp: 'dfsp2', role: 'dfsp-api', id: 'u1', state: 'undeliverable' }]);
    expect(missing).toMatchObject([
      { dfsp: 'dfsp1', role: 'dfsp-api' },
      { dfsp: 'dfsp2', role: 'dfsp-api', reason: 'only the first 1000 are shown' },
    ]);
  });

  it('is positions, windows, participants and invariants of the centre', async () => {
    expect(await get('positions')).toMatchObject({ positions: [{ net: '-10.40' }] });
    expect(await get('windows?limit=5')).toEqual({ windows: [{ id: 'w', number: 7, state: 'open' }] });
    expect(await get('participants')).toEqual({
      participants: [
        { name: 'dfsp1', currency: null, state: 'suspended', netDebitCap: '500.00', url: 'http://dfsp1.test/v1' },
      ],
    });
    // Nobody is told that there is no cap because it could not be read.
    console.roles.on(POSITIONS, { status: 503, json: {} });
    expect((await get('participants')).participants[0]).not.toHaveProperty('netDebitCap');
    console.roles.on(POSITIONS, OF_DFSP1);
    const details = { shortName: 'dfsp1', credentials: [{ key: 'dfsp1-2026', addedAt: '2026-11-30T00:00:00.000Z' }] };
    console.roles.on(/\/central-directory\/dfsps\/dfsp1$/, { json: details });
    expect(await get('participants/dfsp1')).toEqual(details);
    expect((await console.ask('GET /api/participants/dfsp9')).status).toBe(404);
    expect((await get('invariants')).ledgers).toContainEqual({
      ledger: 'centre',
      isKept: false,
      checked: 1,
      problems: ['sums are zero: {"sum":"1"}'],
    });
    expect((await console.ask(`GET /api/windows/${randomUUID()}`)).status).toBe(404);
  });

  it('is the payment files of a window, for operators; the audit log has who took which', async () => {
    const id = randomUUID();
    console.roles.on(new RegExp(`/settlements/${id}/payments\\.csv$`), { text: 'id,amount\n1,10.40\n' });
    console.roles.on(new RegExp(`/settlements/${id}/pain\\.001\\.xml$`), {
      status: 422,
      json: { id: 'UnprocessableEntityError', message: 'The window is open; close it first' },
    });
    const csv = await console.ask(`GET /api/windows/${id}/payments.csv`);
    expect([csv.status, csv.text]).toEqual([200, 'id,amount\n1,10.40\n']);
    expect(csv.headers['content-disposition']).toBe('attachment; filename="payments.csv"');
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    const refused = await console.ask(`GET /api/windows/${id}/pain.001.xml`);
    expect([refused.status, refused.body.id]).toEqual([422, 'UnprocessableEntityError']);
    const entry = { who: 'demo', action: 'download payment file', subject: id };
    expect((await get('audit?limit=2')).entries).toMatchObject([
      { ...entry, detail: { file: 'pain.001.xml' }, outcome: 'The window is open; close it first' },
      { ...entry, detail: { file: 'payments.csv' }, outcome: 'done' },
    ]);
  });

  it('is a comparison of the records, which one person begins at a time', async () => {
    expect(await get('reconciliation')).toMatchObject({ state: 'none', ranAt: null, differences: [] });
    let [release, pages] = [() => undefined as void, 0];
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    console.roles.on(/^GET \/dfsp1\/dfsp-api\/reconciliation\//, async () => {
      await held;
      pages += 1;
      const found = { kind: 'Differs', found: 'x', ageS: 1, cause: 'y', action: 'z' };
      return { json: { compared: 2, differences: pages === 1 ? [found] : [], open: [], after: null } };
    });
    // The connector of dfsp1 paid at the centre, and was not paid by its payer.
    const paymentId = randomUUID();
    const paid = { transfer: `http://centre.test/transfers/${paymentId}`, kind: 'transfer', amount: '-1.23' };
    const at = new Date(Date.now() - 60_000).toISOString();
    console.roles.on(/-ledger\/$/, { json: { currency_code: 'USD', scale: 2 } });
    console.roles.on(/\/entries$/, { json: { entries: [], next: null } });
    console.roles.on(/central-ledger\/accounts\/dfsp1\/entries$/, {
      json: { entries: [{ ...paid, booked_at: at }], next: null },
    });
    console.roles.on(new RegExp(`dfsp1/dfsp-ledger/transfers/${paymentId}`), { status: 404, json: {} });
    const begun = await console.ask('POST /api/reconciliation');
    expect(begun).toMatchObject({ status: 202, body: { state: 'running', begunBy: 'demo' } });
    // Asked again, for example after a lost answer, it is the same run.
    expect(await console.ask('POST /api/reconciliation')).toMatchObject({ status: 202, body: begun.body });
    release();
    await eventually(async () => expect((await get('reconciliation')).state).toBe('done'));
    const { compared, differences, missing } = await get('reconciliation');
    expect(compared).toBe(14);
    expect(differences).toHaveLength(5);
    expect(differences).toContainEqual(
      expect.objectContaining({ place: 'dfsp1', kind: 'Differs', what: 'x', cause: 'y', todo: 'z' }),
    );
    expect(differences).toContainEqual(
      expect.objectContaining({
        place: 'dfsp1',
        kind: 'PayersConnectorLoses',
        paymentId,
        what: expect.stringContaining('executed on the central ledger (-1.23 USD), unknown on the ledger of dfsp1'),
      }),
    );
    expect(missing).toMatchObject([{ dfsp: 'dfsp2', role: 'dfsp-api' }]);
    const { entries } = await get('audit?limit=20');
    const beginnings = entries.filter(({ action }: { action: string }) => action === 'begin reconciliation');
    expect(beginnings).toMatchObject([{ who: 'demo' }]);
  });

  it('is charts of payments and positions over time', async () => {
    const startMs = Date.now() - 60_000;
    const paying = (status: number, durationMs: number) => ({
      paymentId: randomUUID(),
      role: 'dfsp-api',
      kind: 2,
      startMs,
      durationMs,
      attributes: { ...PAYING, 'http.response.status_code': status },
    });
    const request = paying(200, 31);
    const ofItsOwnTrace = { ...request, attributes: { ...request.attributes, 'levelone.payment_id': '' } };
    const body = exported(paying(200, 10), paying(200, 30), ofItsOwnTrace, paying(422, 20));
    await console.ask('POST /v1/traces', { body });
    await console.running.app.get(PositionSamplesKeeper, { strict: false }).addSample();
    const { rate, latency, states, positions, bucketS } = await get('charts');
    expect(bucketS).toBe(30);
    const { at } = rate[0];
    expect(rate).toEqual([{ at, payments: 0.1 }]);
    expect(latency).toEqual([{ at, p50: 20, p95: 29 }]);
    expect(states).toEqual([
      { state: 'accepted', count: 2 },
      { state: 'refused', count: 1 },
      { state: 'failed', count: 0 },
    ]);
    expect(positions).toEqual([{ at: expect.any(String), dfsp1: -10.4 }]);
    const since = new Date(Date.now() - 29 * 24 * 60 * 60_000).toISOString();
    expect((await get(`charts?since=${since}`)).bucketS).toBe(21_600);
    expect((await console.ask('GET /api/charts?since=yesterday')).status).toBe(400);
  });
});

describe('faults', () => {
  it('are switched where the network runs with them, and are not found elsewhere', async () => {
    const console = await TestConsole.open();
    expect(await console.ask('GET /api/faults')).toMatchObject({
      status: 404,
      body: { id: 'NotFoundError', message: expect.stringContaining('npm run start:faults') },
    });
    console.roles.on(/^GET \/faults$/, { json: [] });
    console.roles.on(/^POST \/faults$/, { status: 201, json: { id: '1', met: 0 } });
    console.roles.on(/^DELETE \/faults\/1$/, { json: {} });
    const other = await console.another({ faultsUrl: console.roles.url });
    const rule = { hop: 'row-35', action: { do: 'delay', ms: 3_000 } };
    expect((await console.ask('GET /api/faults', {}, other)).body).toEqual([]);
    expect((await console.ask('POST /api/faults', { body: rule }, other)).body).toEqual({ id: '1', met: 0 });
    console.roles.on(/^GET \/faults$/, { json: [{ id: '1', rule, met: 0, held: 0 }] });
    expect((await console.ask('DELETE /api/faults/1', {}, other)).status).toBe(204);
    expect(console.roles.callsTo(/^POST \/faults$/).map(({ body }) => body)).toEqual([rule]);
    expect((await console.ask('GET /api/audit?limit=2')).body.entries).toMatchObject([
      { who: 'demo', action: 'remove fault', subject: '1', detail: rule },
      { who: 'demo', action: 'add fault', subject: '1', detail: rule },
    ]);
    await other.close();
    await console.close();
  });
});
