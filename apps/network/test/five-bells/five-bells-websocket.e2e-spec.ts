import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import {
  ADMIN,
  FIVE_BELLS_BASES,
  FiveBellsClient,
  FiveBellsLedger,
  inSeconds,
  secret,
  startLedgers,
} from '../support/five-bells-client.js';
import { TestNetwork } from '../support/test-network.js';

describe('The Five Bells websocket', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await startLedgers();
  });

  afterAll(async () => {
    await network.close();
  });

  describe.each(FIVE_BELLS_BASES)('of the $role', ({ role, dfsp, path }) => {
    let ledger: FiveBellsLedger;
    let payer: string;
    let payee: string;
    const opened: FiveBellsClient[] = [];

    async function open(name: string): Promise<FiveBellsClient> {
      const client = await FiveBellsClient.open(ledger.accountUri(name), `${name}:${name}`);
      opened.push(client);
      return client;
    }

    const subscribe = (client: FiveBellsClient, names: string[], eventType?: string) =>
      client.call('subscribe_account', {
        ...(eventType && { eventType }),
        accounts: names.map((name) => ledger.accountUri(name)),
      });

    beforeAll(async () => {
      ledger = new FiveBellsLedger(network.url(role, dfsp, path));
      payer = await ledger.open(`payer-ws-${role}`);
      payee = await ledger.open(`payee-ws-${role}`);
    });

    afterAll(() => {
      for (const client of opened) client.close();
    });

    it.each([
      ['no JSON', 'no json', -32_700, null],
      ['a list', '[]', -32_600, null],
      ['no version', { id: 7, method: 'subscribe_account' }, -32_600, 7],
      ['another version', { jsonrpc: '1.0', id: 7, method: 'subscribe_account' }, -32_600, 7],
      ['no method', { jsonrpc: '2.0', id: 7 }, -32_600, 7],
      ['an unknown method', { jsonrpc: '2.0', id: 'seven', method: 'dance', params: {} }, -32_601, 'seven'],
      ['no params', { jsonrpc: '2.0', id: 7, method: 'subscribe_account' }, -32_602, 7],
      ['no accounts', { jsonrpc: '2.0', id: 7, method: 'subscribe_account', params: { eventType: '*' } }, -32_602, 7],
      ['no list', { jsonrpc: '2.0', id: 7, method: 'subscribe_account', params: { accounts: 'x' } }, -32_602, 7],
      [
        'an unknown event',
        { jsonrpc: '2.0', id: 7, method: 'subscribe_account', params: { eventType: 'x', accounts: [] } },
        -32_602,
        7,
      ],
      ['a null id', { jsonrpc: '2.0', id: null, method: 'subscribe_account', params: {} }, 40_000, null],
    ])('N82: explains what is wrong with %s, and stays open', async (_name, frame, code, id) => {
      const client = await open(payer);
      client.send(frame);
      await eventually(() => expect(client.frames).toHaveLength(2));
      const { error, ...reply } = client.frames[1];
      expect(reply).toEqual({ jsonrpc: '2.0', id });
      expect(error.code).toBe(code);
      expect(error.data).toMatchObject({ name: 'RpcError', message: expect.any(String) });
      expect(error.message).toBe(`RpcError: ${error.data.message}`);
      expect(await subscribe(client, [payer])).toEqual({ result: 1 });
    });

    it('N83: tells nobody about accounts that are not theirs', async () => {
      const client = await open(payer);
      const codeOf = async (accounts: string[]) =>
        (await client.call('subscribe_account', { eventType: '*', accounts })).error?.code;
      expect(await codeOf([ledger.accountUri(payee)])).toBe(40_300);
      expect(await codeOf([ledger.accountUri(payer), ledger.accountUri(payee)])).toBe(40_300);
      expect(await codeOf([`http://other.example/accounts/${payer}`])).toBe(40_002);
      expect(await codeOf([`${ledger.base}/transfers/${payer}`])).toBe(40_002);
      expect(await codeOf([`${ledger.base}/accounts/`])).toBe(40_001);
      expect((await client.call('subscribe_all_accounts', { eventType: '*' })).error?.code).toBe(40_300);
      const { id } = await ledger.prepare([payee, payer]);
      await subscribe(client, [payer]);
      await ledger.reject(id, { message: 'enough' });
      await eventually(() => expect(client.told(id)).toHaveLength(1));
    });

    it('N84: the second subscription replaces the first, the empty one ends it', async () => {
      const admin = await FiveBellsClient.open(ledger.accountUri('admin'), ADMIN);
      opened.push(admin);
      expect(await subscribe(admin, [payer, payee])).toEqual({ result: 2 });
      expect(await subscribe(admin, [payer])).toEqual({ result: 1 });
      const other = await ledger.open(`other-ws-${role}`);
      const unheard = await ledger.prepare([payee, other]);
      const heard = await ledger.prepare([payer, other]);
      await eventually(() => expect(admin.told(heard.id)).toHaveLength(1));
      expect(admin.told(unheard.id)).toHaveLength(0);

      expect(await subscribe(admin, [])).toEqual({ result: 0 });
      await ledger.fulfil(heard.id, heard.der);
      expect(await admin.call('subscribe_all_accounts', { eventType: 'transfer.*' })).toEqual({ result: 1 });
      await ledger.fulfil(unheard.id, unheard.der);
      await eventually(() => expect(admin.told(unheard.id)).toHaveLength(1));
      expect(admin.told(heard.id)).toHaveLength(1);
    });

    it('N85, N87: who listens to both sides hears each event once, in order', async () => {
      const admin = await FiveBellsClient.open(ledger.accountUri('admin'), ADMIN);
      opened.push(admin);
      await subscribe(admin, [payer, payee]);
      await admin.call('subscribe_all_accounts', { eventType: '*' });
      const executed = await ledger.prepare([payer, payee]);
      const self = await ledger.prepare([payer, payer]);
      await ledger.fulfil(self.id, self.der);
      await ledger.fulfil(executed.id, executed.der);
      await eventually(() => expect(admin.told(executed.id).length).toBeGreaterThan(1));
      for (const { id } of [executed, self]) {
        expect(admin.told(id).map(({ event, resource }) => [event, resource.state])).toEqual([
          ['transfer.create', 'prepared'],
          ['transfer.update', 'executed'],
        ]);
      }
      const ids = admin.told().map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    });

    it.each([
      ['*', ['transfer.update', 'transfer.create', 'transfer.update', 'message.send']],
      [undefined, ['transfer.update', 'transfer.create', 'transfer.update', 'message.send']],
      ['transfer.*', ['transfer.update', 'transfer.create', 'transfer.update']],
      ['transfer.create', ['transfer.create']],
      ['transfer.update', ['transfer.update', 'transfer.update']],
      ['message.send', ['message.send']],
    ])('tells of %p what was asked for', async (eventType, events) => {
      const client = await open(payer);
      const all = await open(payer);
      await subscribe(client, [payer], eventType);
      await subscribe(all, [payer]);
      const id = randomUUID();
      const { ni, cf } = secret();
      const proposed = ledger.transfer(id, [payer, payee], { execution_condition: ni, expires_at: inSeconds(60) });
      delete proposed.debits[0].authorized;
      expect(await ledger.put(id, proposed)).toMatchObject({ status: 201, body: { state: 'proposed' } });
      proposed.debits[0].authorized = true;
      expect(await ledger.put(id, proposed)).toMatchObject({ status: 200, body: { state: 'prepared' } });
      await ledger.fulfil(id, cf);
      const body = { ledger: ledger.base, from: 'admin', to: payer, data: { id } };
      expect(await ledger.ask('POST /messages', { body })).toMatchObject({ status: 201 });
      await eventually(() => expect(all.told()).toHaveLength(4));
      await eventually(() => expect(client.told().map(({ event }) => event)).toEqual(events));
    });

    it('N86: gives the fulfillment as it was submitted, and none with a rejection', async () => {
      const client = await open(payee);
      await subscribe(client, [payee]);
      const oldSpelling = await ledger.prepare([payer, payee]);
      await ledger.fulfil(oldSpelling.id, oldSpelling.cf);
      const rejected = await ledger.prepare([payer, payee]);
      await ledger.reject(rejected.id, { message: 'no' });
      await eventually(() => expect(client.told(rejected.id)).toHaveLength(2));
      expect(client.told(oldSpelling.id)[1].related_resources).toEqual({
        execution_condition_fulfillment: oldSpelling.cf,
      });
      expect(client.told(rejected.id)[1]).not.toHaveProperty('related_resources');
    });

    it('gives the fulfillment of a cancellation', async () => {
      const client = await open(payer);
      await subscribe(client, [payer]);
      const cancellation = secret();
      const { id, der } = await ledger.prepare([payer, payee], { cancellation_condition: cancellation.ni });
      expect(await ledger.fulfil(id, cancellation.der)).toMatchObject({ status: 200, text: cancellation.der });
      await eventually(() => expect(client.told(id)).toHaveLength(2));
      expect(client.told(id)[1]).toMatchObject({
        event: 'transfer.update',
        resource: { state: 'rejected', rejection_reason: 'cancelled' },
        related_resources: { cancellation_condition_fulfillment: cancellation.der },
      });
      expect(await ledger.fulfil(id, der)).toMatchObject({ status: 400, body: { id: 'InvalidModificationError' } });
    });

    it('F7: has no null member in any frame of a transfer', async () => {
      const client = await open(payer);
      await subscribe(client, [payer]);
      const executed = await ledger.prepare([payer, payee]);
      await ledger.fulfil(executed.id, executed.der);
      const rejected = await ledger.prepare([payer, payee]);
      await ledger.reject(rejected.id, { message: 'no' });
      const expired = await ledger.prepare([payer, payee], { expires_at: inSeconds(3) });
      const proposed = await ledger.prepare([payer, payee], { debits: [{ account: payer, amount: '1.00' }] });
      await ledger.reject(proposed.id, { message: 'no' });
      for (const { id } of [executed, rejected, expired, proposed]) {
        await eventually(() => expect(client.told(id)).toHaveLength(2), { timeoutMs: 60_000 });
      }
      for (const frame of client.told()) expect(JSON.stringify(frame)).not.toContain(':null');
    });

    it('serves the old path of one account, to its owner', async () => {
      const socket = `${ledger.accountUri(payer).replace(/^http/, 'ws')}/transfers`;
      const basic = (name: string) => ({ authorization: `Basic ${Buffer.from(`${name}:${name}`).toString('base64')}` });
      expect(await FiveBellsClient.first(socket)).toBe(401);
      expect(await FiveBellsClient.first(socket, basic(payee))).toBe(403);
      expect(await FiveBellsClient.first(socket, basic(payer))).toMatchObject({ method: 'connect' });
    });
  });
});
