import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import {
  ADMIN,
  FIVE_BELLS_BASES,
  FiveBellsClient,
  FiveBellsLedger,
  inSeconds,
  startLedgers,
  unreadable,
} from '../support/five-bells-client.js';
import { ask, TestNetwork } from '../support/test-network.js';

const REASON = {
  code: 'F99',
  name: 'Application Error',
  message: 'not today',
  triggered_by: 'levelone.somewhere.payee',
  additional_info: { why: 'a test' },
};

describe('Five Bells clients', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await startLedgers();
  });

  afterAll(async () => {
    await network.close();
  });

  describe.each(FIVE_BELLS_BASES)('at the $role', ({ role, dfsp, path }) => {
    let ledger: FiveBellsLedger;
    let payer: string;
    let payee: string;
    let sender: FiveBellsClient;
    let receiver: FiveBellsClient;

    const login = (name: string) => ({ auth: `${name}:${name}` });
    const listen = (name: string) => FiveBellsClient.listen(ledger.accountUri(name), `${name}:${name}`);
    const websocket = () => `${ledger.base.replace(/^http/, 'ws')}/websocket`;

    beforeAll(async () => {
      ledger = new FiveBellsLedger(network.url(role, dfsp, path));
      payer = await ledger.open(`payer-at-${role}`);
      payee = await ledger.open(`payee-at-${role}`);
      sender = await listen(payer);
      receiver = await listen(payee);
    });

    afterAll(() => {
      sender.close();
      receiver.close();
    });

    it('find every URL they need in the metadata', async () => {
      const { status, body } = await ledger.ask('GET /', { auth: null });
      expect(status).toBe(200);
      expect(body).toMatchObject({ precision: 10, scale: 2, ledger: ledger.base, ilp_prefix: expect.any(String) });
      expect(body.connectors).toEqual(expect.any(Array));
      expect(body.urls).toMatchObject({
        health: `${ledger.base}/health`,
        transfer: `${ledger.base}/transfers/:id`,
        transfer_fulfillment: `${ledger.base}/transfers/:id/fulfillment`,
        transfer_rejection: `${ledger.base}/transfers/:id/rejection`,
        accounts: `${ledger.base}/accounts`,
        account: `${ledger.base}/accounts/:name`,
        auth_token: `${ledger.base}/auth_token`,
        websocket: websocket(),
        message: `${ledger.base}/messages`,
      });
      expect(await ledger.ask('GET /health', { auth: null })).toMatchObject({ status: 200, body: { status: 'OK' } });
      expect(await ledger.ask('GET /connectors', { auth: null })).toMatchObject({
        status: 200,
        body: body.connectors,
      });
    });

    it('can read what happens to a conditional transfer, as payer and as payee', async () => {
      const { id, der } = await ledger.prepare([payer, payee], { additional_info: { cases: [] } });
      await ledger.fulfil(id, der, `${payee}:${payee}`);
      for (const client of [sender, receiver]) {
        await eventually(() => expect(client.told(id)).toHaveLength(2));
        const [created, updated] = client.told(id);
        expect(created).toMatchObject({ event: 'transfer.create', resource: { state: 'prepared' } });
        expect(created.related_resources).toBeUndefined();
        expect(updated).toMatchObject({
          event: 'transfer.update',
          resource: { id: `${ledger.base}/transfers/${id}`, state: 'executed', ledger: ledger.base },
          related_resources: { execution_condition_fulfillment: der },
        });
        expect([created, updated].flatMap(({ resource }) => unreadable(resource))).toEqual([]);
      }
    });

    it('can read what happens to a transfer without condition, and to one that expires', async () => {
      const atOnce = randomUUID();
      expect(await ledger.put(atOnce, ledger.transfer(atOnce, [payer, payee]), `${payer}:${payer}`)).toMatchObject({
        status: 201,
        body: { state: 'executed' },
      });
      const { id } = await ledger.prepare([payer, payee], { expires_at: inSeconds(1) });
      await eventually(() => expect(sender.told(id)).toHaveLength(2), { timeoutMs: 60_000 });
      expect(sender.told(id)[1]).toMatchObject({ resource: { state: 'rejected', rejection_reason: 'expired' } });
      expect(sender.told(id)[1].related_resources).toBeUndefined();
      expect(sender.told(atOnce)).toMatchObject([{ event: 'transfer.update', resource: { state: 'executed' } }]);
      expect([...sender.told(atOnce), ...sender.told(id)].flatMap(({ resource }) => unreadable(resource))).toEqual([]);
    });

    it('can read that a transfer was rejected, and why', async () => {
      const { id } = await ledger.prepare([payer, payee]);
      expect(await ledger.reject(id, REASON, `${payee}:${payee}`)).toMatchObject({ status: 200 });
      await eventually(() => expect(sender.told(id)).toHaveLength(2));
      const { event, resource, ...others } = sender.told(id)[1];
      expect(event).toBe('transfer.update');
      expect(resource).toMatchObject({ state: 'rejected', credits: [{ rejected: true, rejection_message: REASON }] });
      expect(others).not.toHaveProperty('related_resources');
      expect(unreadable(resource)).toEqual([]);
    });

    it('N80: speak to each other, but not for each other', async () => {
      const message = (changes: object = {}) => ({
        ledger: ledger.base,
        from: ledger.accountUri(payer),
        to: ledger.accountUri(payee),
        data: { id: randomUUID(), ilp: 'AYIBgQAAAAAAAAPo', custom: { Ω: [null, { deep: '🦊' }] } },
        ...changes,
      });
      const send = (body: object, name = payer) => ask(`POST ${sender.urls['message']}`, { body, ...login(name) });
      // Older clients read the sender in `account`.
      const told = (sent: ReturnType<typeof message>) => ({ ...sent, account: sent.from });
      const first = message();
      expect(await send(first)).toMatchObject({ status: 201, text: '' });
      await eventually(() =>
        expect(receiver.told()).toContainEqual(expect.objectContaining({ resource: told(first) })),
      );
      const answer = message({
        from: ledger.accountUri(payee),
        to: ledger.accountUri(payer),
        data: { method: 'reply' },
      });
      expect(await send(answer, payee)).toMatchObject({ status: 201 });
      await eventually(() => expect(sender.told()).toContainEqual(expect.objectContaining({ resource: told(answer) })));
      expect(sender.told()).not.toContainEqual(expect.objectContaining({ resource: told(first) }));

      expect(await send(message(), payee)).toMatchObject({
        status: 400,
        body: { id: 'InvalidBodyError', message: 'You do not have permission to impersonate this user' },
      });
      expect(await ledger.ask('POST /messages', { body: message() })).toMatchObject({ status: 201 });
      for (const deaf of ['admin', 'issuance']) {
        expect(await send(message({ to: ledger.accountUri(deaf) }))).toMatchObject({
          status: 422,
          body: { id: 'NoSubscriptionsError', message: 'Destination account could not be reached' },
        });
      }
      for (const wrong of [
        { from: undefined },
        { to: undefined },
        { data: undefined },
        { data: 'text' },
        { data: [] },
      ]) {
        expect(await send(message(wrong))).toMatchObject({ status: 400, body: { id: 'InvalidBodyError' } });
      }
      expect(await ask(`POST ${sender.urls['message']}`, { body: message() })).toMatchObject({ status: 401 });
    });

    it('N76, N79: see of an account what is theirs to see, and change none', async () => {
      const own = { name: payee, ledger: ledger.base, minimum_allowed_balance: '0.00', is_disabled: false };
      const publicPart = { id: ledger.accountUri(payee), name: payee, ledger: ledger.base };
      const route = `/accounts/${payee}`;
      expect(await ledger.ask(`GET ${route}`)).toMatchObject({ status: 200, body: own });
      expect(await ledger.ask(`GET ${route}`, login(payee))).toMatchObject({ status: 200, body: own });
      expect((await ledger.ask(`GET ${route}`, login(payer))).body).toEqual(publicPart);
      expect((await ledger.ask(`GET ${route}`, { auth: null })).body).toEqual(publicPart);
      expect(await ledger.ask(`GET ${route}`, { auth: `${payee}:wrong` })).toMatchObject({ status: 401 });
      expect(await ledger.ask('GET /accounts/nobody-at-all', { auth: null })).toMatchObject({
        status: 404,
        body: { id: 'NotFoundError', message: 'Unknown account' },
      });

      const { status, body } = await ledger.ask('GET /accounts');
      expect(status).toBe(200);
      expect(body.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['admin', payer, payee]));
      const refused = { status: 403, body: { id: 'UnauthorizedError' } };
      expect(await ledger.ask('GET /accounts', login(payer))).toMatchObject(refused);
      expect(await ledger.ask('GET /accounts', { auth: null })).toMatchObject({ status: 401 });
      expect(await ledger.ask(`PUT ${route}`, { ...login(payee), body: { name: payee, balance: '9' } })).toMatchObject(
        refused,
      );
    });

    it('F7: send messages in the older form, and read the sender in `account`', async () => {
      const client = await listen(payee);
      const body = { ledger: ledger.base, account: ledger.accountUri(payee), data: { method: 'hello' } };
      expect(await ledger.ask('POST /messages', { ...login(payer), body })).toMatchObject({ status: 201 });
      const from = ledger.accountUri(payer);
      await eventually(() =>
        expect(client.told().map((one: any) => one.resource)).toContainEqual(
          expect.objectContaining({ account: from, from, to: ledger.accountUri(payee), data: body.data }),
        ),
      );
      client.close();
    });

    it('are given accounts by the administrator, who also closes them', async () => {
      const name = `shop-at-${role}`;
      const put = (body: unknown, headers = {}) => ledger.ask(`PUT /accounts/${name}`, { body, headers });
      expect(await put({ name, balance: '50', password: name, minimum_allowed_balance: '-10' })).toMatchObject({
        status: 201,
        body: { id: ledger.accountUri(name), name, balance: '50.00', minimum_allowed_balance: '-10.00' },
      });
      expect(await put({ name, minimum_allowed_balance: '-infinity' })).toMatchObject({
        status: 200,
        body: { balance: '50.00', minimum_allowed_balance: '-infinity' },
      });
      const ofAnother = { name, id: ledger.accountUri('another') };
      // F7: the body names the account of the path, by name or id.
      for (const wrong of [{ name: 'another' }, ofAnother, {}, { name, balance: 'much' }, 'Not a valid request', []]) {
        expect(await put(wrong, { 'content-type': 'application/json' })).toMatchObject({
          status: 400,
          body: { id: 'InvalidBodyError' },
        });
      }
      expect((await put({ name })).body).not.toHaveProperty('password');
      expect(await ledger.ask('GET /auth_token', login(name))).toMatchObject({ status: 200 });
      expect(await put({ name, is_disabled: true })).toMatchObject({ status: 200, body: { is_disabled: true } });
      expect(await ledger.ask('GET /auth_token', login(name))).toMatchObject({ status: 401 });
      const again = await ledger.ask('POST /accounts', { body: { name, password: 'x' } });
      const expected = dfsp === null ? { status: 422, body: { id: 'RecordExistsError' } } : { status: 404 };
      expect(again).toMatchObject(expected);
    });

    it('F7: keep their names and balances when an account of another id or name is put', async () => {
      const route = `/accounts/${payee}`;
      const before = (await ledger.ask(`GET ${route}`)).body;
      const refused = { status: 400, body: { id: 'InvalidBodyError' } };
      for (const of of [
        { name: payer },
        { id: ledger.accountUri(payer) },
        { name: payee, id: ledger.accountUri(payer) },
      ]) {
        expect(await ledger.ask(`PUT ${route}`, { body: { ...of, is_disabled: true } })).toMatchObject(refused);
      }
      expect(await ledger.ask(`PUT ${route}`, { body: { id: ledger.accountUri(payee) } })).toMatchObject({
        status: 200,
      });
      expect((await ledger.ask(`GET ${route}`)).body).toEqual(before);
    });

    it('F7: have money by funds that are booked once, and no more by PUT', async () => {
      const name = await ledger.open(`funded-at-${role}`, '0');
      const funds = { id: randomUUID(), amount: '10.00', direction: 'in', reference: 'statement 7' };
      const book = (changes: object = {}, options: object = {}) =>
        ledger.ask(`POST /accounts/${name}/funds`, { body: { ...funds, ...changes }, ...options });
      const issued = Number(await ledger.balance('issuance'));
      expect((await book()).status).toBe(201);
      expect((await book()).status).toBe(200);
      expect(await book({ amount: '11.00' })).toMatchObject({ status: 400, body: { id: 'InvalidModificationError' } });
      expect(await ledger.balance(name)).toBe('10.00');
      expect(issued - Number(await ledger.balance('issuance'))).toBeCloseTo(10);
      const out = { id: randomUUID(), direction: 'out' };
      expect(await book({ ...out, amount: '10.01' })).toMatchObject({
        status: 422,
        body: { id: 'InsufficientFundsError' },
      });
      expect((await book({ ...out, amount: '4.00' })).status).toBe(201);
      expect(await book({ id: randomUUID() }, login(name))).toMatchObject({ status: 403 });
      expect(await book({ id: randomUUID() }, { auth: null })).toMatchObject({ status: 401 });
      const put = (balance: string) => ledger.ask(`PUT /accounts/${name}`, { body: { name, balance } });
      expect(await put('6.00')).toMatchObject({ status: 200, body: { balance: '6.00' } });
      expect(await put('7.00')).toMatchObject({ status: 422, body: { id: 'UnprocessableEntityError' } });
      expect(await ledger.balance(name)).toBe('6.00');
    });

    it('send JSON, and are told when they do not', async () => {
      const text = { body: '{}', headers: { 'content-type': 'text/plain' } };
      const refused = { status: 415, body: { id: 'UnsupportedMediaTypeError' } };
      expect(await ledger.ask(`PUT /transfers/${randomUUID()}`, text)).toMatchObject(refused);
      expect(await ledger.ask(`PUT /accounts/${payer}`, text)).toMatchObject(refused);
      expect(await ledger.ask('POST /messages', text)).toMatchObject(refused);
    });

    it('log in once, with a token that is good everywhere on this ledger', async () => {
      expect(await ledger.ask('GET /auth_token', { auth: null })).toMatchObject({ status: 401 });
      expect(await ledger.ask('GET /auth_token', { auth: `${payer}:wrong` })).toMatchObject({
        status: 401,
        body: { id: 'Unauthorized', message: 'Unauthorized' },
      });
      const { status, body } = await ledger.ask('GET /auth_token', login(payer));
      expect({ status, body }).toEqual({
        status: 200,
        body: { token: expect.any(String), token_max_age: 604_800_000 },
      });
      const bearer = { authorization: `Bearer ${body.token}` };
      expect(await ledger.ask(`GET /accounts/${payer}`, { auth: null, headers: bearer })).toMatchObject({
        body: { balance: expect.any(String) },
      });
      const garbled = { authorization: `Bearer ${body.token}x` };
      expect(await ledger.ask(`GET /accounts/${payer}`, { auth: null, headers: garbled })).toMatchObject({
        status: 401,
      });

      const connected = { jsonrpc: '2.0', id: null, method: 'connect' };
      const basic = { authorization: `Basic ${Buffer.from(ADMIN).toString('base64')}` };
      expect(await FiveBellsClient.first(websocket(), bearer)).toEqual(connected);
      expect(await FiveBellsClient.first(websocket(), basic)).toEqual(connected);
      expect(await FiveBellsClient.first(`${websocket()}?token=${body.token}`)).toEqual(connected);
      expect(await FiveBellsClient.first(websocket())).toBe(401);
      expect(await FiveBellsClient.first(`${websocket()}?token=${body.token}x`)).toBe(401);
    });
  });

  it('F7: the charges of the scheme change as they are told, or not at all', async () => {
    const central = new FiveBellsLedger(network.url('central-ledger', null));
    const charge = { name: 'interop', rate_type: 'flat', rate: '0.01', minimum: '50.00', code: '001' };
    const created = await central.ask('POST /charges', {
      body: { ...charge, is_active: false, payer: 'sender', payee: 'ledger' },
    });
    expect(created.status).toBe(201);
    const put = (body: object) => central.ask('PUT /charges/interop', { body });
    const wrong = [{ name: 'another' }, { name: null }, { code: null }, { minimum: null }, { is_active: null }];
    for (const body of wrong) {
      expect([body, await put(body)]).toMatchObject([body, { status: 400, body: { id: 'InvalidBodyError' } }]);
    }
    expect(await put({ name: 'interop', code: '002' })).toMatchObject({
      status: 200,
      body: { ...charge, code: '002', is_active: false },
    });
  });
});
