import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { type Ask, TestNetwork } from '../support/test-network.js';

const CONDITION = 'ni:///sha-256;Yw3NKWbEM2aRElRIu7JbT_QSpJxzLbLIq8G4WBvXEN0?fpt=preimage-sha-256&cost=32';
const FULFILLMENT = 'oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const OTHER_FULFILLMENT = 'oCKAIIYvEbZPFojkJML-W6Xl60qEY-NWz10fHN4X5-Yv-s8k';

/** The three places where the Five Bells API stands, with two accounts of each ledger. */
const BASES = [
  { role: 'dfsp-ledger', dfsp: 'dfsp1', path: '/ledger', payer: 'xa', payee: 'ya' },
  { role: 'ledger-adapter', dfsp: 'dfsp1', path: '/ilp/ledger/v1', payer: 'xb', payee: 'yb' },
  { role: 'central-ledger', dfsp: null, path: '', payer: 'dfsp1', payee: 'dfsp2' },
] as const;

/** A JSON-RPC client that keeps every frame. */
class Socket {
  readonly frames: any[] = [];

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
  }

  static async open(url: string, headers: Record<string, string>): Promise<Socket> {
    const socket = new Socket(new WebSocket(url, { headers }));
    await eventually(() => expect(socket.frames[0]).toEqual({ jsonrpc: '2.0', id: null, method: 'connect' }));
    return socket;
  }

  /** The status that an upgrade is refused with. */
  static refusal(url: string): Promise<number> {
    return new Promise((done) => {
      const socket = new WebSocket(url);
      socket.on('unexpected-response', (_request, response) => done(response.statusCode ?? 0));
      socket.on('open', () => done(101));
      socket.on('error', () => undefined);
    });
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  notifications(): any[] {
    return this.frames.filter((frame) => frame.method === 'notify').map((frame) => frame.params);
  }

  close(): void {
    this.socket.terminate();
  }
}

describe.each(BASES)('The Five Bells API at the $role', ({ role, dfsp, path, payer, payee }) => {
  let network: TestNetwork;
  const admin = { auth: 'admin:admin' };

  beforeAll(async () => {
    network = await TestNetwork.start();
    if (dfsp === null) return;
    for (const name of [payer, payee]) {
      const body = { name, password: name, balance: '100.00' };
      expect((await network.ask(role, dfsp, `PUT ${path}/accounts/${name}`, { ...admin, body })).status).toBe(201);
    }
  });

  afterAll(async () => {
    await network.close();
  });

  const base = () => network.url(role, dfsp, path);
  const put = (id: string, body: unknown, options: Ask = { auth: `${payer}:${payer}` }) =>
    network.ask(role, dfsp, `PUT ${path}/transfers/${id}`, { ...options, body });
  const fulfil = (id: string, body: string, options: Ask = admin) =>
    network.ask(role, dfsp, `PUT ${path}/transfers/${id}/fulfillment`, {
      ...options,
      body,
      headers: { 'content-type': 'text/plain' },
    });

  function transferOf(id: string, debit: Record<string, unknown> = { authorized: true }): Record<string, any> {
    return {
      id: `${base()}/transfers/${id}`,
      ledger: base(),
      debits: [{ account: `${base()}/accounts/${payer}`, amount: '1.00', ...debit }],
      credits: [{ account: `${base()}/accounts/${payee}`, amount: '1.00', memo: { text: 'für Ölçü' } }],
      execution_condition: CONDITION,
      expires_at: new Date(Date.now() + 60_000).toISOString(),
    };
  }

  it('describes itself, with URIs of its own base only', async () => {
    const { status, body } = await network.ask(role, dfsp, `GET ${path || '/'}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ currency_code: 'USD', currency_symbol: '$', precision: 10, scale: 2 });
    expect(body.connectors).toEqual(expect.any(Array));
    for (const url of Object.values(body.urls as Record<string, string>)) {
      expect(url.replace(/^ws/, 'http').startsWith(base())).toBe(true);
    }
  });

  it('N55: an identical second PUT answers the transfer as it is', async () => {
    const id = randomUUID();
    const transfer = transferOf(id);
    const first = await put(id, transfer);
    expect(first).toMatchObject({ status: 201, body: { id: `${base()}/transfers/${id}`, state: 'prepared' } });
    expect(await put(id, transfer)).toMatchObject({ status: 200, body: first.body });
    const reformatted = structuredClone(transfer);
    reformatted['debits'][0].amount = '1';
    reformatted['credits'][0].amount = 1;
    expect(await put(id, reformatted)).toMatchObject({ status: 200, body: first.body });
    await fulfil(id, FULFILLMENT);
  });

  it('N56: another content under the same id is refused', async () => {
    const id = randomUUID();
    await put(id, transferOf(id));
    const other = transferOf(id);
    other['debits'][0].amount = other['credits'][0].amount = '2.00';
    expect(await put(id, other)).toMatchObject({ status: 400, body: { id: 'InvalidModificationError' } });
    await fulfil(id, FULFILLMENT);
    expect(await put(id, other)).toMatchObject({ status: 400, body: { id: 'InvalidModificationError' } });
  });

  it('N57, N58: what is not a transfer is 400', async () => {
    const id = randomUUID();
    expect(await put('123', transferOf(id))).toMatchObject({ status: 400, body: { id: 'InvalidUriParameterError' } });
    const json = { ...admin, headers: { 'content-type': 'application/json' } };
    expect(await put(id, 'Not a valid request', json)).toMatchObject({ status: 400, body: { id: 'InvalidBodyError' } });
    for (const changes of [
      { debits: undefined },
      { credits: undefined },
      { id: `${base()}/transfers/${randomUUID()}` },
    ]) {
      expect(await put(id, { ...transferOf(id), ...changes })).toMatchObject({
        status: 400,
        body: { id: 'InvalidBodyError' },
      });
    }
  });

  it('N59: unknown transfers are 404, malformed ids 400', async () => {
    const get = (id: string) => network.ask(role, dfsp, `GET ${path}/transfers/${id}`, admin);
    expect(await get(randomUUID())).toMatchObject({
      status: 404,
      body: { id: 'NotFoundError', message: 'Unknown transfer' },
    });
    expect(await get('nonsense')).toMatchObject({ status: 400, body: { id: 'InvalidUriParameterError' } });
  });

  it('N60: without authorization a transfer is only proposed; the authorization prepares it', async () => {
    const id = randomUUID();
    const balance = async () =>
      (await network.ask(role, dfsp, `GET ${path}/accounts/${payer}`, admin)).body.balance as string;
    const before = await balance();
    const proposal = transferOf(id, {});
    expect(await put(id, proposal)).toMatchObject({ status: 201, body: { state: 'proposed' } });
    expect(await balance()).toBe(before);
    const authorized = { ...transferOf(id), expires_at: proposal['expires_at'] };
    expect(await put(id, authorized)).toMatchObject({ status: 200, body: { state: 'prepared' } });
    expect(Number(before) - Number(await balance())).toBeCloseTo(1);
    await fulfil(id, FULFILLMENT);
  });

  it('N61 to N63: fulfils only with what was promised', async () => {
    const id = randomUUID();
    await put(id, transferOf(id));
    expect(await fulfil(id, OTHER_FULFILLMENT)).toMatchObject({ status: 422, body: { id: 'UnmetConditionError' } });
    for (const garbage of ['garbage', '']) {
      expect(await fulfil(id, garbage)).toMatchObject({ status: 400, body: { id: 'InvalidBodyError' } });
    }
    expect(await fulfil('123', FULFILLMENT)).toMatchObject({ status: 400, body: { id: 'InvalidUriParameterError' } });
    expect(await fulfil(randomUUID(), FULFILLMENT)).toMatchObject({ status: 404 });
    expect(await fulfil(id, FULFILLMENT)).toMatchObject({ status: 200, text: FULFILLMENT });
  });

  it('serves the POST spellings of the seed', async () => {
    const id = randomUUID();
    const post = (route: string, body: unknown, headers = {}) =>
      network.ask(role, dfsp, `POST ${path}${route}`, { auth: `${payer}:${payer}`, body, headers });
    expect(await post(`/transfers/${id}`, transferOf(id))).toMatchObject({ status: 201, body: { state: 'prepared' } });
    const text = { 'content-type': 'text/plain' };
    expect(await post(`/transfer/${id}/fulfillment`, FULFILLMENT, text)).toMatchObject({
      status: 200,
      text: FULFILLMENT,
    });
    expect(await post(`/transfers/${id}/fulfillment`, FULFILLMENT, text)).toMatchObject({
      status: 200,
      text: FULFILLMENT,
    });
  });

  it('N76: asks who it is, and lets nobody authorize for another', async () => {
    const id = randomUUID();
    const refused = { status: 401, body: { id: 'Unauthorized' } };
    expect(await put(id, transferOf(id), { auth: null })).toMatchObject(refused);
    expect(await put(id, transferOf(id), { auth: `${payer}:wrong` })).toMatchObject(refused);
    expect(await put(id, transferOf(id), { auth: `${payee}:${payee}` })).toMatchObject({
      status: 403,
      body: { id: 'UnauthorizedError', message: 'Invalid attempt to authorize debit' },
    });
    const others = await network.ask(role, dfsp, `GET ${path}/accounts/${payer}`, { auth: `${payee}:${payee}` });
    expect(others.status).toBe(200);
    expect(Object.keys(others.body).toSorted()).toEqual(['id', 'ledger', 'name']);
  });

  it('N82: explains what is wrong with a frame, and goes on listening', async () => {
    const { token } = (await network.ask(role, dfsp, `GET ${path}/auth_token`, admin)).body as { token: string };
    const url = `${base().replace(/^http/, 'ws')}/websocket`;
    expect(await Socket.refusal(url)).toBe(401);
    expect(await Socket.refusal(`${url}?token=nonsense`)).toBe(401);
    const socket = await Socket.open(`${url}?token=${token}`, {});
    const all = { jsonrpc: '2.0', method: 'subscribe_all_accounts', params: { eventType: '*' } };
    socket.send('no json');
    socket.send({ id: 1, method: 'subscribe_all_accounts' });
    socket.send({ jsonrpc: '2.0', id: 2, method: 'dance' });
    socket.send({ jsonrpc: '2.0', id: 3, method: 'subscribe_account', params: { accounts: payer } });
    socket.send({ ...all, id: null });
    socket.send({ ...all, id: 4 });
    await eventually(() => expect(socket.frames).toHaveLength(7));
    expect(socket.frames.slice(1).map((frame) => frame.error?.code ?? frame.result)).toEqual([
      -32700, -32600, -32601, -32602, 40000, 1,
    ]);
    expect(socket.frames[1].error).toMatchObject({
      message: expect.stringMatching(/^RpcError: /),
      data: { name: 'RpcError', message: expect.any(String) },
    });

    const id = randomUUID();
    await put(id, transferOf(id));
    await fulfil(id, FULFILLMENT);
    await eventually(() => expect(socket.notifications()).toHaveLength(2));
    expect(socket.notifications()).toMatchObject([
      { event: 'transfer.create', resource: { id: `${base()}/transfers/${id}`, state: 'prepared' } },
      {
        event: 'transfer.update',
        resource: { state: 'executed', debits: [{ account: `${base()}/accounts/${payer}` }] },
        related_resources: { execution_condition_fulfillment: FULFILLMENT },
      },
    ]);

    const first = socket.notifications()[0].sequence as number;
    const late = await Socket.open(url, { authorization: `Bearer ${token}` });
    late.send({ ...all, id: 1, params: { eventType: '*', resumeFrom: first } });
    await eventually(() =>
      expect(late.notifications()).toMatchObject([{ event: 'transfer.update', sequence: first + 1 }]),
    );
    socket.close();
    late.close();
  });
});
