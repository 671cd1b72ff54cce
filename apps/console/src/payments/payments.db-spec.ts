import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FakePeerCall } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { TestConsole } from '../console.fixture.js';
import { exported } from '../traces/made-spans.fixture.js';

const AT = Date.parse('2026-11-29T12:00:00.000Z');
const time = (minutes: number): string => new Date(AT - minutes * 60_000).toISOString();

/** Payments of a DFSP, the newest first, in pages as its API answers them. */
function pagesOf(records: readonly object[]) {
  return ({ query }: FakePeerCall) => {
    const [from, limit] = [Number(query['after'] ?? 0), Number(query['limit'])];
    const next = from + limit < records.length ? `http://dfsp.test/v1/payments?after=${from + limit}` : null;
    return { json: { payments: records.slice(from, from + limit), next } };
  };
}

describe('payments of the network', () => {
  const paymentId = randomUUID();
  const record = (id: string, side: string, minutes: number, values = {}) => ({
    paymentId: id,
    side,
    state: 'executed',
    amount: '10.40',
    fee: '0.10',
    currency: 'USD',
    customer: { identifier: '78956562', account: 'alice' },
    createdAt: time(minutes),
    ...values,
  });
  const ofDfsp1 = Array.from({ length: 25 }, (_, n) => record(randomUUID(), 'debit', 2 * n));
  const ofDfsp2 = Array.from({ length: 25 }, (_, n) => record(randomUUID(), 'debit', 2 * n + 1));
  const debit = record(paymentId, 'debit', 1, {
    counterpart: { identifier: '26547070', name: 'Bob Diaz', account: 'http://dfsp2.test/accounts/bob' },
    transfers: [{ ledger: 'own', id: paymentId, uri: `http://dfsp1.test/transfers/${paymentId}` }],
  });
  let console: TestConsole;

  beforeAll(async () => {
    console = await TestConsole.open();
    const { roles } = console;
    roles.on(/^GET \/dfsp1\/dfsp-api\/payments$/, pagesOf(ofDfsp1));
    roles.on(/^GET \/dfsp2\/dfsp-api\/payments$/, pagesOf(ofDfsp2));
    roles.on(new RegExp(`^GET /dfsp1/dfsp-api/payments/${paymentId}$`), { json: debit });
    roles.on(new RegExp(`^GET /dfsp2/dfsp-api/payments/${paymentId}$`), {
      json: record(paymentId, 'credit', 1, { state: 'pending' }),
    });
    roles.on(new RegExp(`^GET /dfsp1/dfsp-ledger/transfers/${paymentId}$`), {
      json: {
        id: `http://dfsp1.test/transfers/${paymentId}`,
        state: 'executed',
        debits: [{ account: 'http://dfsp1.test/accounts/alice', amount: '10.40' }],
        credits: [{ account: 'http://dfsp1.test/accounts/dfsp1-connector', amount: '10.40' }],
        execution_condition: 'cc:0:3:abc:32',
        expires_at: time(0),
        timeline: { executed_at: time(1) },
      },
    });
    roles.on(/fulfillment$/, { text: 'cf:0:xyz' });
  });

  afterAll(() => console?.close());

  it('are listed of the others if one answers a record that is none, and the list says which', async () => {
    const { roles } = console;
    roles.on(/^GET \/dfsp1\/dfsp-api\/payments$/, {
      json: { payments: [{ ...ofDfsp1[0], createdAt: null }], next: null },
    });
    const { body } = await console.ask('GET /api/payments?limit=7');
    roles.on(/^GET \/dfsp1\/dfsp-api\/payments$/, pagesOf(ofDfsp1));
    expect(body.payments).toHaveLength(7);
    expect(body.missing).toMatchObject([
      { dfsp: 'dfsp1', role: 'dfsp-api', reason: expect.stringContaining(ofDfsp1[0]!.paymentId) },
    ]);
  });

  it('are listed from all DFSPs, the newest first, each once over all pages', async () => {
    const ids: string[] = [];
    let after = '';
    for (let pages = 1; ; pages++) {
      const { body } = await console.ask(`GET /api/payments?limit=7${after}`);
      ids.push(...body.payments.map((one: { paymentId: string }) => one.paymentId));
      if (body.next === null) break;
      expect(pages).toBeLessThan(10);
      after = `&after=${body.next}`;
    }
    const expected = [...ofDfsp1, ...ofDfsp2].toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
    expect(ids).toEqual(expected.map((one) => one.paymentId));
  });

  it('have one place in the list, that of the payer, also if their views are on different pages', async () => {
    const other = await TestConsole.open();
    // The payee's DFSP knew of each payment a while later: the views of one are three pages apart.
    const payers = Array.from({ length: 12 }, (_, n) => record(randomUUID(), 'debit', 2 * n + 20));
    const payees = payers.map(({ paymentId: id }, n) => record(id, 'credit', 2 * n));
    const only = record(randomUUID(), 'credit', 3);
    other.roles.on(/payments\/[^/]+$/, { status: 404, json: { id: 'NotFoundError', message: 'Unknown payment' } });
    const all = { dfsp1: payers, dfsp2: [payees[0]!, payees[1]!, only, ...payees.slice(2)] };
    for (const [dfsp, records] of Object.entries(all)) {
      other.roles.on(new RegExp(`^GET /${dfsp}/dfsp-api/payments$`), pagesOf(records));
      for (const one of records) {
        other.roles.on(new RegExp(`^GET /${dfsp}/dfsp-api/payments/${one.paymentId}$`), { json: one });
      }
    }
    const shown: { paymentId: string; views: { side: string }[] }[] = [];
    for (let after = ''; ;) {
      const { body } = await other.ask(`GET /api/payments?limit=3${after}`);
      shown.push(...body.payments);
      expect(body.missing).toEqual([]);
      // A page is full, if there are enough.
      expect(body.payments).toHaveLength(Math.min(3, 13 - shown.length + body.payments.length));
      if (body.next === null) break;
      after = `&after=${body.next}`;
    }
    expect(shown.map((one) => one.paymentId)).toEqual([only.paymentId, ...payers.map((one) => one.paymentId)]);
    expect(new Set(shown.slice(1).map(({ views }) => views.map(({ side }) => side).join()))).toEqual(
      new Set(['debit,credit']),
    );
    await other.close();
  });

  it('are found by the number of the payee that only the payer has, and by own numbers at a DFSP that knows no others', async () => {
    const other = await TestConsole.open();
    const bob = { identifier: '26547070' };
    const refused = record(randomUUID(), 'debit', 1, { state: 'failed', counterpart: bob });
    const [paid, got] = ['debit', 'credit'].map((side, n) => record(paymentId, side, 2 + n, { counterpart: bob }));
    Object.assign(got!, { customer: bob, counterpart: { identifier: '78956562' } });
    other.roles.on(/payments\/[^/]+$/, { status: 404, json: { id: 'NotFoundError', message: 'Unknown payment' } });
    other.roles.on(new RegExp(`^GET /dfsp1/dfsp-api/payments/${paymentId}$`), { json: paid });
    other.roles.on(new RegExp(`^GET /dfsp2/dfsp-api/payments/${paymentId}$`), { json: got });
    other.roles.on(/^GET \/dfsp1\/dfsp-api\/payments$/, { json: { payments: [refused, paid], next: null } });
    other.roles.on(/^GET \/dfsp2\/dfsp-api\/payments$/, ({ query }) =>
      'party' in query
        ? { status: 400, json: { id: 'InvalidUriParameterError', message: 'party is not known' } }
        : { json: { payments: [got], next: null } },
    );
    const { body } = await other.ask('GET /api/payments?text=26547070');
    expect(body.missing).toEqual([]);
    expect(body.payments.map((one: { paymentId: string }) => one.paymentId)).toEqual([refused.paymentId, paymentId]);
    // One that finds own numbers only, and does not list it, hides no payment that the payee's DFSP lists.
    other.roles.on(/^GET \/dfsp1\/dfsp-api\/payments$/, ({ query }) =>
      'party' in query
        ? { status: 400, json: { id: 'InvalidUriParameterError', message: 'party is not known' } }
        : { json: { payments: [], next: null } },
    );
    const found = (await other.ask('GET /api/payments?text=26547070')).body;
    expect(found.payments).toMatchObject([{ paymentId, views: [{ side: 'debit' }, { side: 'credit' }] }]);
    await other.close();
  });

  it('are filtered by the DFSP APIs, and found by id', async () => {
    console.roles.clearCalls();
    await console.ask('GET /api/payments?state=failed&text=78956562&dfsp=dfsp1&from=2026-01-01T00:00:00Z');
    const lists = console.roles.calls.filter(({ route }) => route.endsWith('/payments'));
    expect(lists.map(({ route, query }) => [route, query])).toEqual([
      [
        'GET /dfsp1/dfsp-api/payments',
        { limit: '50', state: 'failed', party: '78956562', from: '2026-01-01T00:00:00Z' },
      ],
    ]);
    console.roles.clearCalls();
    for (const text of ['9.70', '900 000,00', 'C178FE87', 'Alice']) {
      await console.ask(`GET /api/payments?state=failed&dfsp=dfsp1&text=${encodeURIComponent(text)}`);
    }
    await console.ask('GET /api/payments?state=failed&dfsp=dfsp1&payment=12345678');
    const asked = console.roles.calls.filter(({ route }) => route.endsWith('/payments'));
    expect(asked.map(({ query: { limit: _l, state: _s, ...search } }) => search)).toEqual([
      { amount: '9.70' },
      { amount: '900000.00' },
      { payment: 'c178fe87' },
      { account: 'Alice' },
      { payment: '12345678' },
    ]);
    for (const text of [paymentId, ` ${paymentId.toUpperCase()} `, `{${paymentId}}`]) {
      const { body } = await console.ask(`GET /api/payments?text=${encodeURIComponent(text)}`);
      expect(body).toMatchObject({ payments: [{ paymentId, state: 'executed' }], next: null });
    }
    expect((await console.ask('GET /api/payments?after=nonsense')).body.id).toBe('InvalidUriParameterError');
    expect((await console.ask('GET /api/payments?state=odd')).status).toBe(400);
  });

  it('have the state and the reason of the payer, also in the list of the DFSP of the payee', async () => {
    const other = await TestConsole.open();
    const id = randomUUID();
    const expired = { id: 'ExpiredTransferError', message: 'The payment was not completed in time' };
    const disabled = { id: 'UnprocessableEntityError', message: 'Account `bob` is disabled' };
    const credit = record(id, 'credit', 1, { state: 'expired', reason: expired, transfers: [] });
    other.roles.on(/^GET \/dfsp2\/dfsp-api\/payments$/, pagesOf([credit]));
    other.roles.on(new RegExp(`^GET /dfsp1/dfsp-api/payments/${id}$`), {
      json: record(id, 'debit', 1, { state: 'rejected', reason: disabled }),
    });
    const { body } = await other.ask('GET /api/payments?dfsp=dfsp2&state=expired');
    const views = [{ side: 'debit', record: { reason: disabled } }, { side: 'credit' }];
    expect(body).toMatchObject({ payments: [{ paymentId: id, state: 'rejected', views }], missing: [] });
    await other.close();
  });

  it('are listed as far as DFSPs answer, and say who does not', async () => {
    const other = await console.another({
      network: JSON.stringify({
        centre: { roles: [] },
        participants: [
          { name: 'dfsp1', operator: 'a:b', roles: [{ role: 'dfsp-api', url: `${console.roles.url}/dfsp1/dfsp-api` }] },
          { name: 'dfsp2', operator: 'a:b', roles: [{ role: 'dfsp-api', url: 'http://127.0.0.1:1' }] },
        ],
      }),
    });
    const { body } = await console.ask('GET /api/payments?limit=3', {}, other);
    expect(body.payments).toHaveLength(3);
    expect(body.missing).toEqual([{ dfsp: 'dfsp2', role: 'dfsp-api', reason: 'dfsp2/dfsp-api does not answer' }]);
    await other.close();
  });

  it('have the views of both sides', async () => {
    const { body } = await console.ask(`GET /api/payments/${paymentId}`);
    expect(body).toMatchObject({
      paymentId,
      state: 'executed',
      views: [
        { dfsp: 'dfsp1', side: 'debit', state: 'executed', amount: '10.40' },
        { dfsp: 'dfsp2', side: 'credit', state: 'pending' },
      ],
      missing: [],
    });
    expect((await console.ask(`GET /api/payments/${randomUUID()}`)).status).toBe(404);
    expect((await console.ask('GET /api/payments/none')).body.id).toBe('InvalidUriParameterError');
  });

  it('have a receipt with terms, condition and fulfilment', async () => {
    expect((await console.ask(`GET /api/payments/${paymentId}/receipt`)).body).toEqual({
      paymentId,
      state: 'executed',
      dfsp: 'dfsp1',
      amount: '10.40',
      fee: '0.10',
      currency: 'USD',
      payerNumber: '78956562',
      payerAccount: 'alice',
      payeeName: 'Bob Diaz',
      payeeNumber: '26547070',
      payeeAccount: 'http://dfsp2.test/accounts/bob',
      transfer: `http://dfsp1.test/transfers/${paymentId}`,
      debited: 'alice',
      credited: 'dfsp1-connector',
      executedAt: time(1),
      expiresAt: time(0),
      condition: 'cc:0:3:abc:32',
      fulfillment: 'cf:0:xyz',
    });
  });

  it('have a timeline from spans and from what roles keep, which says what is missing', async () => {
    console.roles.on(new RegExp(`^GET /dfsp1/dfsp-api/timeline/${paymentId}$`), {
      json: {
        paymentId,
        entries: [{ at: new Date(AT + 20).toISOString(), kind: 'state', what: 'It was executed', state: 'executed' }],
      },
    });
    console.roles.on(new RegExp(`^GET /centre/central-ledger/timeline/${paymentId}$`), {
      status: 503,
      json: { id: 'ServiceUnavailableError', message: 'Try again shortly' },
    });
    await console.ask('POST /v1/traces', { body: exported({ paymentId, startMs: AT }) });
    const other = await console.another();
    // Another process reads the same: nothing of it is in memory.
    const { body } = await console.ask(`GET /payments/${paymentId}/timeline`, {}, other);
    expect(body.entries).toMatchObject([
      { kind: 'hop', hop: 'P.D', dfsp: 'dfsp1', role: 'spsp-client', method: 'PUT', status: 201, durationMs: 5 },
      { kind: 'state', what: 'It was executed', dfsp: 'dfsp1', role: 'dfsp-api', state: 'executed' },
    ]);
    expect(body.missing).toContainEqual({
      dfsp: null,
      role: 'central-ledger',
      reason: 'central-ledger: Try again shortly',
    });
    await other.close();
  });

  it('have no timeline for people without a session outside the demo', async () => {
    const other = await console.another({ demoNetwork: false });
    expect((await console.ask(`GET /payments/${paymentId}/timeline`, {}, other)).status).toBe(401);
    expect((await console.ask(`GET /payments/${paymentId}`, {}, other)).status).not.toBe(401);
    await other.close();
  });

  it('that a DFSP refused before they began are among them, and are found by state, DFSP, time and id', async () => {
    const { roles } = console;
    const [poor, twice, begun, elsewhere] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const refused = (id: string, minutes: number, status = 422, dfsp = 'dfsp1') => ({
      paymentId: id,
      role: 'dfsp-api',
      dfsp,
      kind: 2,
      startMs: AT - minutes * 60_000,
      attributes: {
        'url.path': '/v1/transfer',
        'http.request.method': 'POST',
        'http.response.status_code': status,
        'levelone.response.body': JSON.stringify({ id: 'InsufficientFundsError', message: 'no' }),
      },
    });
    const spans = [
      refused(poor, 0.5),
      refused(twice, 2.5),
      refused(twice, 3.5),
      refused(begun, 4.5),
      refused(elsewhere, 5.5, 422, 'dfsp2'),
      refused(randomUUID(), 6.5, 200),
    ];
    await console.ask('POST /v1/traces', { body: exported(...spans) });
    roles.on(new RegExp(`^GET /dfsp1/dfsp-api/payments/(${poor}|${twice})$`), { status: 404, json: {} });
    roles.on(new RegExp(`^GET /dfsp2/dfsp-api/payments/${elsewhere}$`), { status: 404, json: {} });
    roles.on(new RegExp(`^GET /dfsp1/dfsp-api/payments/${begun}$`), { json: record(begun, 'debit', 4) });
    const price = {
      payer: { identifier: '78956562' },
      payee: { identifier: '26547070', url: 'http://elsewhere.test' },
      amount: { amount: '9.7', currency: 'USD' },
    };
    const asked = { payer: '78956562', payee: '26547070', payeeDfsp: null, amount: '9.7', currency: 'USD' };
    roles.on(/^GET \/dfsp[12]\/dfsp-api\/quotes$/, ({ query }) => ({
      json: { quotes: query['payment'] === poor ? [price] : [] },
    }));
    const list = async (query: string): Promise<any[]> =>
      (await console.ask(`GET /api/payments?${query}`)).body.payments;
    const idsOf = async (query: string): Promise<string[]> => (await list(query)).map((one) => one.paymentId);

    expect(await list('state=notBegun&limit=1')).toEqual([
      {
        paymentId: poor,
        state: 'notBegun',
        createdAt: time(0.5),
        views: [],
        refusal: { dfsp: 'dfsp1', status: 422, id: 'InsufficientFundsError', asked },
      },
    ]);
    const priced = await console.ask(`GET /api/payments/${poor}/price`);
    // The first DFSP that keeps it; here both answer alike.
    expect([priced.status, priced.body]).toEqual([200, { dfsp: 'dfsp1', asked }]);
    expect((await console.ask(`GET /api/payments/${twice}/price`)).status).toBe(404);
    expect(await idsOf('state=notBegun')).toEqual([poor, twice, elsewhere]);
    expect(await idsOf('state=notBegun&dfsp=dfsp2')).toEqual([elsewhere]);
    expect(await idsOf(`state=notBegun&to=${time(3)}`)).toEqual([elsewhere]);
    expect(await idsOf(`state=notBegun&text=${twice}`)).toEqual([twice]);
    expect(await idsOf('state=notBegun&text=78956562')).toEqual([poor]);
    expect(await idsOf('state=notBegun&text=26547070')).toEqual([poor]);
    expect(await idsOf('state=notBegun&text=9.70')).toEqual([poor]);
    expect(await idsOf('state=notBegun&text=9.71')).toEqual([]);
    expect(await idsOf('state=notBegun&text=alice')).toEqual([]);
    expect(await idsOf(`state=notBegun&payment=${poor.slice(0, 8).toUpperCase()}`)).toEqual([poor]);
    expect(await idsOf('state=executed')).not.toContain(poor);
    const pages: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const answer = await console.ask(`GET /api/payments?limit=2${after && `&after=${after}`}`);
      const { payments, next }: { payments: { paymentId: string }[]; next: string | null } = answer.body;
      pages.push(...payments.map((one) => one.paymentId));
      after = next;
    }
    expect(pages.slice(0, 2)).toEqual([ofDfsp1[0]!.paymentId, poor]);
    expect(pages.filter((id) => [poor, twice, elsewhere].some((one) => one === id))).toEqual([poor, twice, elsewhere]);
    expect(new Set(pages).size).toBe(pages.length);

    // A DFSP that cannot be asked is missing, and its payment is not said to be not begun.
    roles.on(new RegExp(`^GET /dfsp2/dfsp-api/payments/${elsewhere}$`), { status: 503, json: {} });
    const { body } = await console.ask('GET /api/payments?state=notBegun&dfsp=dfsp2');
    expect([body.payments, body.missing]).toMatchObject([[], [{ dfsp: 'dfsp2', role: 'dfsp-api' }]]);
  });
});
