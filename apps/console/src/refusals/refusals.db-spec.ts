import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { TestConsole } from '../console.fixture.js';
import { exported } from '../traces/made-spans.fixture.js';

const AT = Date.parse('2026-11-29T12:00:00.000Z');
const time = (minutes: number): string => new Date(AT - minutes * 60_000).toISOString();

describe('what was refused before there was a payment', () => {
  const bulkPaymentId = randomUUID();
  let console: TestConsole;

  const row = (line: number, minutes: number) => ({
    bulkPaymentId,
    line,
    state: 'refused',
    sourceIdentifier: '78956562',
    identifier: '99999999',
    amount: '2',
    paymentId: randomUUID(),
    error: 'UserNotFound',
    message: 'User not found',
    createdAt: time(minutes),
  });
  const rows = [row(2, 1), row(3, 1)];
  const refused = (minutes: number, path: string, values: object = {}) => ({
    // The id of its trace.
    paymentId: randomUUID(),
    role: 'dfsp-api',
    dfsp: 'dfsp2',
    kind: 2,
    startMs: AT - minutes * 60_000,
    attributes: {
      'levelone.payment_id': '',
      'url.path': path,
      'http.request.method': 'POST',
      'http.response.status_code': 404,
      'levelone.response.body': JSON.stringify({ id: 'UserNotFound', message: 'no' }),
      ...values,
    },
  });

  const answer = (status: number, body: object) => ({
    'http.response.status_code': status,
    'levelone.response.body': JSON.stringify(body),
  });
  const silent = refused(2.5, '/v1/quote', answer(502, { id: 'ExternalError' }));
  /** A call of the same trace, which ends some ms after the request began. */
  const step = (hop: string, role: string, peer: string, ends: number, attributes: object, error?: string) => ({
    paymentId: silent.paymentId,
    role,
    dfsp: role.startsWith('spsp-client') ? 'dfsp2' : 'dfsp1',
    startMs: silent.startMs,
    durationMs: ends,
    ...(error && { error }),
    attributes: { 'levelone.payment_id': '', 'levelone.hop': hop, 'levelone.peer': peer, ...attributes },
  });

  beforeAll(async () => {
    console = await TestConsole.open();
    console.roles.on(/^GET \/dfsp1\/dfsp-api\/refusedRows$/, ({ query }) => {
      const from = Number(query['after'] ?? 0);
      const limit = Number(query['limit']);
      const next = from + limit < rows.length ? `http://dfsp.test/v1/refusedRows?after=${from + limit}` : null;
      return { json: { rows: rows.slice(from, from + limit), next } };
    });
    console.roles.on(/^GET \/dfsp2\/dfsp-api\/refusedRows$/, { json: { rows: [], next: null } });
    const spans = [
      refused(0.5, '/v1/invoice/pay', answer(422, { id: 'InvoiceNotPendingError', type: 'invoice.expired' })),
      silent,
      step('I.D', 'spsp-client-proxy', 'dfsp2/spsp-client', 90, answer(502, {})),
      step('I.F', 'spsp-server', 'dfsp1/spsp-backend', 50, { 'http.response.status_code': '' }, 'connection lost'),
      step('I.B', 'spsp-client', 'central-directory', 10, answer(200, {})),
      refused(3.5, '/v1/quote', { 'http.response.status_code': 200 }),
      // Its answer names its payment, which is among the payments.
      refused(3.7, '/v1/transfer', {
        'levelone.response.body': JSON.stringify({ id: 'InsufficientFundsError', paymentId: randomUUID() }),
      }),
      refused(4.5, '/v1/customers'),
      refused(5.5, '/v1/quote', { 'http.request.method': 'GET' }),
    ];
    await console.ask('POST /v1/traces', { body: exported(...spans) });
  });

  afterAll(() => console?.close());

  const list = async (query = ''): Promise<any> => (await console.ask(`GET /api/refusals?${query}`)).body;
  const whatOf = ({ path, row: of }: any): string => path ?? `line ${of.line}`;

  it('is rows and requests of all DFSPs, the newest first, with whose fault it is and what to do', async () => {
    const { refusals, next, missing } = await list();
    expect(refusals.map(whatOf)).toEqual(['/v1/invoice/pay', 'line 2', 'line 3', '/v1/quote']);
    expect([next, missing]).toEqual([null, []]);
    expect(refusals[0]).toEqual({
      createdAt: time(0.5),
      dfsp: 'dfsp2',
      path: '/v1/invoice/pay',
      status: 422,
      id: 'InvoiceNotPendingError',
      type: 'invoice.expired',
      fault: 'time',
      means: expect.any(String),
      advice: expect.any(String),
    });
    const { error, message, createdAt, ...kept } = rows[0]!;
    expect(refusals[1]).toMatchObject({ createdAt, dfsp: 'dfsp1', row: kept, id: error, message, fault: 'caller' });
  });

  it('says of a request which call between roles failed first', async () => {
    const { refusals } = await list();
    expect(refusals.at(-1)).toMatchObject({
      id: 'ExternalError',
      fault: 'other',
      failed: {
        from: 'dfsp1/spsp-server',
        to: 'dfsp1/spsp-backend',
        hop: 'I.F',
        status: null,
        error: 'connection lost',
      },
    });
  });

  it('is read in pages, each once', async () => {
    const found: string[] = [];
    for (let after = ''; ;) {
      const page = await list(`limit=1${after}`);
      found.push(...page.refusals.map(whatOf));
      if (page.next === null) break;
      after = `&after=${page.next}`;
    }
    expect(found).toEqual(['/v1/invoice/pay', 'line 2', 'line 3', '/v1/quote']);
  });

  it('is found by DFSP and time, rows also by list and number; requests have no numbers', async () => {
    expect((await list('dfsp=dfsp2')).refusals.map(whatOf)).toEqual(['/v1/invoice/pay', '/v1/quote']);
    const old = (await list(`dfsp=dfsp2&to=${time(1)}`)).refusals;
    expect(old.map(whatOf)).toEqual(['/v1/quote']);
    console.roles.clearCalls();
    expect((await list('dfsp=dfsp1&text=99999999')).refusals.map(whatOf)).toEqual(['line 2', 'line 3']);
    await list(`dfsp=dfsp1&text=%20${bulkPaymentId}%20`);
    expect(console.roles.calls.map(({ query }) => query)).toEqual([
      { limit: '50', number: '99999999' },
      { limit: '50', bulkPayment: bulkPaymentId },
    ]);
  });

  it('is shown as far as DFSPs answer, and says who does not', async () => {
    console.roles.on(/^GET \/dfsp1\/dfsp-api\/refusedRows$/, { status: 503, json: {} });
    const { refusals, missing } = await list();
    expect(refusals.map(whatOf)).toEqual(['/v1/invoice/pay', '/v1/quote']);
    expect(missing).toMatchObject([{ dfsp: 'dfsp1', role: 'dfsp-api' }]);
  });
});
