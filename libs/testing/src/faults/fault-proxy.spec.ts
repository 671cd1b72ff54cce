import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import { eventually } from '../eventually.js';
import { FakePeers } from '../peers/fake-peers.js';
import { serveFaultControl } from './fault-control.js';
import { FaultProxy } from './fault-proxy.js';
import { Faults, type FaultRule } from './faults.js';
import { freePort } from '../free-port.js';

const SUBSCRIBE = JSON.stringify({ jsonrpc: '2.0', id: '1', method: 'subscribe', params: {} });

describe('a fault proxy', () => {
  let role: FakePeers;
  let faults: Faults;
  let proxy: FaultProxy;
  let url: string;

  beforeEach(async () => {
    role = await FakePeers.start();
    role.on(/^PUT \/transfers\/1$/, ({ body }) => ({ status: 201, json: body }));
    faults = new Faults();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const targetPort = Number(new URL(role.url).port);
    proxy = await FaultProxy.start({ place: 'dfsp1/ledger-adapter', port, targetPort, faults });
  });

  afterEach(async () => {
    faults.clear('cut');
    await proxy.close();
    await role.stop();
  });

  /** Puts a transfer; `cut` when the connection breaks. */
  async function put(hop = 'P.D'): Promise<string> {
    try {
      const answer = await fetch(`${url}/transfers/1`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', 'l1p-hop': hop, authorization: `Basic ${btoa('alice:x')}` },
        body: JSON.stringify({ amount: '1.00' }),
      });
      return `${answer.status} ${await answer.text()}`;
    } catch {
      return 'cut';
    }
  }

  const PASSED = '201 {"amount":"1.00"}';
  const timesAsked = (): number => role.callsTo(/transfers/).length;
  const P_D = (action: FaultRule['action']): FaultRule => ({ hop: 'P.D', action });

  it('passes requests and answers on as they are', async () => {
    expect(await put()).toBe(PASSED);
    expect(role.calls[0]?.headers).toMatchObject({ host: url.slice(7), 'l1p-hop': 'P.D' });
  });

  it('passes a request without a body on without one', async () => {
    role.on(/^POST \/transfers\/1$/, () => ({ status: 204 }));
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('POST /transfers/1 HTTP/1.1\r\nHost: role\r\nConnection: close\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1.1 204 /);
    expect(role.calls[0]?.headers).toMatchObject({ 'content-length': '0' });
    expect(role.calls[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  it.each([
    ['refuses', P_D({ do: 'refuse', status: 422, id: 'NoError' }), /^422 .*"NoError"/, 0],
    ['cuts before the role is asked', P_D({ do: 'cut', when: 'before' }), /^cut$/, 0],
    ['loses the answer of what was done', P_D({ do: 'cut', when: 'after' }), /^cut$/, 1],
    ['sends twice', P_D({ do: 'duplicate' }), /^201/, 2],
    ['delays', P_D({ do: 'delay', ms: 5 }), /^201/, 1],
    ['leaves another hop alone', { hop: 'P.H', action: { do: 'cut', when: 'before' } }, /^201/, 1],
    ['knows who calls', { account: '^alice$', action: { do: 'cut', when: 'before' } }, /^cut$/, 0],
    ['knows what is in a body', { contains: '"1.00"', action: { do: 'cut', when: 'before' } }, /^cut$/, 0],
    [
      'knows all that is in a body',
      { contains: ['"1.00"', '"2.00"'], action: { do: 'cut', when: 'before' } },
      /^201/,
      1,
    ],
  ] satisfies [string, FaultRule, RegExp, number][])('%s', async (_, rule, answer, asked) => {
    faults.add(rule);
    expect(await put()).toMatch(answer);
    expect(timesAsked()).toBe(asked);
  });

  it('sends late what its caller has given up', async () => {
    faults.add(P_D({ do: 'late', ms: 5 }));
    expect(await put()).toBe('cut');
    await eventually(() => expect(timesAsked()).toBe(1));
  });

  it('holds a request until it is let go, before or after the role acts', async () => {
    const before = faults.add({ ...P_D({ do: 'hold', when: 'before' }), times: 1 });
    const first = put();
    expect(await before.untilHeld(30_000)).toBe(true);
    expect(timesAsked()).toBe(0);
    before.release('pass');
    expect(await first).toBe(PASSED);
    const after = faults.add({ ...P_D({ do: 'hold', when: 'after' }), times: 1 });
    const second = put();
    expect(await after.untilHeld(30_000)).toBe(true);
    expect(timesAsked()).toBe(2);
    after.release('cut');
    expect(await second).toBe('cut');
    expect(await put()).toBe(PASSED);
  });

  it('hangs until the rule is removed', async () => {
    const { id } = faults.add(P_D({ do: 'hang' }));
    const hanging = put();
    await eventually(() => expect(faults.all[0]?.held).toHaveLength(1));
    faults.remove(id);
    expect(await hanging).toBe('cut');
    expect(timesAsked()).toBe(0);
  });

  it('goes away and comes back', async () => {
    await proxy.goAway();
    expect(await put()).toBe('cut');
    await proxy.listen();
    expect(await put()).toBe(PASSED);
  });

  it('is switched by HTTP', async () => {
    const server = await serveFaultControl({ faults }, 0);
    const { port } = server.address() as { port: number };
    const control = async (method: string, path: string, body?: unknown): Promise<any> =>
      (await fetch(`http://127.0.0.1:${port}${path}`, { method, body: JSON.stringify(body) })).json();
    const { id } = await control('POST', '/faults', P_D({ do: 'hold', when: 'before' }));
    const held = put();
    await eventually(async () => expect(await control('GET', '/faults')).toMatchObject([{ id, met: 1, held: 1 }]));
    await control('POST', `/faults/${id}/release`, { how: 'cut' });
    expect(await held).toBe('cut');
    expect(await control('POST', '/faults', { action: { do: 'explode' } })).toMatchObject({ id: 'InvalidBodyError' });
    await control('DELETE', '/faults');
    expect(faults.all).toEqual([]);
    server.close();
  });

  describe('between a ledger and its subscriber', () => {
    let socket: WebSocket;
    let events: string[];

    beforeEach(async () => {
      socket = new WebSocket(`${url.replace('http', 'ws')}/websocket`);
      events = [];
      socket.on('message', (data) => {
        const { method, params } = JSON.parse(String(data)) as {
          method?: string;
          params: { resource: { id: string } };
        };
        if (method === 'notify') events.push(params.resource.id);
        else if (method === undefined) events.push('subscribed');
      });
      await once(socket, 'open');
      socket.send(SUBSCRIBE);
      await eventually(() => expect(events).toEqual(['subscribed']));
    });

    afterEach(() => socket.terminate());

    const send = (...ids: string[]): void => {
      for (const id of ids) role.sendEvent('transfer.create', { id, state: 'prepared' });
    };
    /** What was told, as soon as it is so much. */
    const told = (count: number): Promise<string[]> =>
      eventually(() => {
        expect(events.length).toBeGreaterThan(count);
        return events.slice(1);
      });
    const CREATED = { kind: 'frame', event: 'transfer.create', state: 'prepared', times: 1 } as const;

    it.each([
      ['passes frames', { do: 'pass' }, ['a', 'b']],
      ['loses a frame', { do: 'cut', when: 'before' }, ['b']],
      ['tells a frame twice', { do: 'duplicate' }, ['a', 'a', 'b']],
      ['delays a frame and those behind it', { do: 'delay', ms: 5 }, ['a', 'b']],
      ['tells a frame after a later one', { do: 'late', ms: 50 }, ['b', 'a']],
    ] satisfies [string, FaultRule['action'], string[]][])('%s', async (_, action, expected) => {
      faults.add({ ...CREATED, action });
      send('a', 'b');
      expect(await told(expected.length)).toEqual(expected);
    });

    it('holds a frame until it is let go', async () => {
      const fault = faults.add({ ...CREATED, action: { do: 'hold', when: 'before' } });
      send('a', 'b');
      expect(await fault.untilHeld(30_000)).toBe(true);
      expect(events).toEqual(['subscribed']);
      fault.release('pass');
      expect(await told(2)).toEqual(['a', 'b']);
    });

    it('breaks when the ledger goes away', async () => {
      const closed = once(socket, 'close');
      await proxy.goAway();
      expect((await closed)[0]).toBe(1_006);
    });
  });
});
