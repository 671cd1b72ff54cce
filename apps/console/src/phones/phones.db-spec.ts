import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization, hashSecret } from '@level-one/platform';
import { openTestDataSource } from '@level-one/testing';
import { TestConsole } from '../console.fixture.js';
import { putUser } from '../sessions/users.js';

describe('the phones of the page', () => {
  let console: TestConsole;

  beforeAll(async () => {
    console = await TestConsole.open();
    console.roles.on(/^GET \/dfsp1\/dfsp-api\/payments$/, { json: { payments: [], next: null } });
    console.roles.on(/^GET \/dfsp1\/dfsp-api\/invoiceFees\//, { json: { fee: '0.10' } });
    console.roles.on(/^POST \/dfsp2\/dfsp-api\/merchantInvoice$/, {
      status: 422,
      json: { id: 'UnprocessableEntityError', message: 'No such customer' },
    });
  });

  afterAll(() => console?.close());

  it('read and send as a channel of the DFSP, and get its answer', async () => {
    const read = await console.ask('GET /api/phones/dfsp1/v1/payments?customer=78956562');
    expect([read.status, read.body]).toEqual([200, { payments: [], next: null }]);
    const sent = await console.ask('POST /api/phones/dfsp2/v1/merchantInvoice', { body: { amount: '1.00' } });
    expect([sent.status, sent.body.id]).toEqual([422, 'UnprocessableEntityError']);
    const calls = console.roles.callsTo(/dfsp-api/);
    expect(calls.map(({ route, query, body }) => ({ route, query, body }))).toEqual([
      { route: 'GET /dfsp1/dfsp-api/payments', query: { customer: '78956562' }, body: undefined },
      { route: 'POST /dfsp2/dfsp-api/merchantInvoice', query: {}, body: { amount: '1.00' } },
    ]);
    expect(calls.map(({ headers }) => headers.authorization)).toEqual([
      basicAuthorization('dfsp1', 'channel'),
      basicAuthorization('dfsp2', 'channel'),
    ]);
  });

  it('pass on an encoded URL in a path as it is', async () => {
    const url = encodeURIComponent('http://127.0.0.1:3203/v1/invoices/1');
    const answer = await console.ask(`GET /api/phones/dfsp1/v1/invoiceFees/${url}/78956562/alice`);
    expect([answer.status, answer.body]).toEqual([200, { fee: '0.10' }]);
    expect(console.roles.calls.at(-1)?.route).toBe(`GET /dfsp1/dfsp-api/invoiceFees/${url}/78956562/alice`);
  });

  it('reach no route of operators, no other role and no other DFSP', async () => {
    console.roles.clearCalls();
    for (const path of [
      'dfsp1/v1/open',
      'dfsp1/v1/undelivered',
      'dfsp1/v1/payments/../open',
      'dfsp1/v1/payments/.%2e',
      'dfsp3/v1/payments',
    ]) {
      expect([path, (await console.ask(`GET /api/phones/${path}`)).status]).toEqual([path, 404]);
    }
    expect((await console.ask('PUT /api/phones/dfsp1/v1/customers/1', { body: {} })).status).toBe(404);
    expect(console.roles.calls).toEqual([]);
  });

  it('are refused to other sites, and outside the demo unless they are switched on, and to viewers', async () => {
    const headers = { origin: 'https://evil.example' };
    const body = {};
    expect((await console.ask('POST /api/phones/dfsp1/v1/merchantInvoice', { body, headers })).status).toBe(403);
    const database = await openTestDataSource(console.database, { schema: 'console' });
    const secretHash = await hashSecret('a password of operators');
    await putUser(database, { name: 'olaf', role: 'operator', secretHash });
    await putUser(database, { name: 'vera', role: 'viewer', secretHash });
    const [olaf, vera] = [
      await console.signIn('olaf', 'a password of operators'),
      await console.signIn('vera', 'a password of operators'),
    ];
    const request = 'GET /api/phones/dfsp1/v1/payments';
    const off = await console.another({ demoNetwork: false });
    expect((await console.ask(request, {}, off)).status).toBe(401);
    expect((await console.ask(request, { cookie: olaf }, off)).status).toBe(404);
    const on = await console.another({ demoNetwork: false, phones: true });
    expect((await console.ask(request, { cookie: olaf }, on)).status).toBe(200);
    expect((await console.ask(request, { cookie: vera }, on)).status).toBe(403);
    await console.ask('POST /api/phones/dfsp2/v1/merchantInvoice', { cookie: olaf, body }, on);
    const entries = await database.query('SELECT who, action, subject, detail, outcome FROM audit_entries ORDER BY id');
    const entry = { who: 'olaf', action: 'POST as a phone', subject: 'dfsp2', detail: { path: 'merchantInvoice' } };
    expect(entries.slice(-2)).toEqual([
      { ...entry, outcome: 'sent' },
      { ...entry, outcome: 'answered 422' },
    ]);
    await database.destroy();
    await Promise.all([off.close(), on.close()]);
  });
});
