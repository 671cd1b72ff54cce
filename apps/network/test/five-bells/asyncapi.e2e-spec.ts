import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { load } from 'js-yaml';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FiveBellsClient, inSeconds, secret } from '../support/five-bells-client.js';
import { notifiedInvoice, pay } from '../support/people.js';
import { TestNetwork } from '../support/test-network.js';

const DOCUMENT = load(readFileSync(join(import.meta.dirname, '../../../../docs/asyncapi.yaml'), 'utf8')) as object;
const SCHEMA_OF_EVENT: Readonly<Record<string, string>> = {
  'transfer.create': 'TransferCreated',
  'transfer.update': 'TransferUpdated',
  'message.send': 'MessageSent',
};

/** Where a websocket is, and an account that watches itself there. */
const PLACES = [
  { role: 'dfsp-ledger', dfsp: 'dfsp1', path: '/ledger', account: 'dfsp1-testconnector' },
  { role: 'ledger-adapter', dfsp: 'dfsp1', path: '/ilp/ledger/v1', account: 'dfsp1-testconnector' },
  { role: 'central-ledger', dfsp: null, path: '', account: 'dfsp1' },
] as const;

describe('frames of a payment and docs/asyncapi.yaml', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  let network: TestNetwork;
  const clients: FiveBellsClient[] = [];

  beforeAll(async () => {
    addFormats.default(ajv);
    ajv.addSchema(DOCUMENT, 'asyncapi');
    network = await TestNetwork.start();
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await network.close();
  });

  const uriOf = ({ role, dfsp, path, account }: (typeof PLACES)[number]) =>
    `${network.url(role, dfsp, path)}/accounts/${account}`;

  async function open(place: (typeof PLACES)[number]): Promise<FiveBellsClient> {
    const client = await FiveBellsClient.open(uriOf(place), `${place.account}:${place.account}`);
    clients.push(client);
    return client;
  }

  const problemsWith = (schema: string, frame: unknown): unknown[] => {
    const check = ajv.getSchema(`asyncapi#/components/schemas/${schema}`)!;
    return check(frame) ? [] : [{ schema, frame, errors: check.errors }];
  };
  const schemaOf = (frame: any): string => {
    if (frame.method === 'connect') return 'Connect';
    if (frame.method === 'notify') return SCHEMA_OF_EVENT[frame.params.event] ?? 'unknown';
    return frame.error === undefined ? 'Subscribed' : 'Error';
  };

  /** A transfer at the centre that the payee rejects. */
  async function rejectedTransfer(): Promise<string> {
    const id = randomUUID();
    const body = {
      debits: [{ account: 'dfsp1', amount: '1.00', authorized: true }],
      credits: [{ account: 'dfsp2', amount: '1.00' }],
      execution_condition: secret().ni,
      expires_at: inSeconds(60),
    };
    const put = await network.ask('central-ledger', null, `PUT /transfers/${id}`, { auth: 'dfsp1:dfsp1', body });
    expect(put.status).toBe(201);
    const request = `PUT /transfers/${id}/rejection`;
    const rejection = { auth: 'dfsp2:dfsp2', body: { message: 'not wanted' } };
    expect((await network.ask('central-ledger', null, request, rejection)).status).toBe(200);
    return id;
  }

  async function sendMessage(): Promise<void> {
    const accounts = network.url('central-ledger', null, '/accounts');
    const ledger = network.url('central-ledger', null, '');
    const body = { ledger, from: `${accounts}/dfsp2`, to: `${accounts}/dfsp1`, data: { method: 'greeting' } };
    const sent = await network.ask('central-ledger', null, 'POST /messages', { auth: 'dfsp2:dfsp2', body });
    expect(sent.status).toBe(201);
  }

  it('agree: connect, replies, errors and every event, at the ledger, its adapter and the centre, live and resumed', async () => {
    const live = await Promise.all(PLACES.map(open));
    for (const [at, client] of live.entries()) {
      const accounts = [uriOf(PLACES[at]!)];
      expect(await client.call('subscribe_account', { eventType: '*', accounts })).toEqual({ result: 1 });
      expect(await client.call('subscribe_all_accounts')).toMatchObject({ error: { code: 40_300 } });
      expect(await client.call('dance')).toMatchObject({ error: { code: -32_601 } });
      client.send('no json');
    }
    const { invoiceNotificationId } = await notifiedInvoice(network);
    const { paymentId } = (await pay(network, invoiceNotificationId)).body;
    const rejected = await rejectedTransfer();
    await sendMessage();

    const statesOf = (client: FiveBellsClient, id: string) => client.told(id).map(({ resource }) => resource.state);
    await eventually(() => {
      for (const client of live) expect(statesOf(client, paymentId)).toEqual(['prepared', 'executed']);
      expect(statesOf(live[2]!, rejected)).toEqual(['prepared', 'rejected']);
      expect(live[2]!.told().some(({ event }) => event === 'message.send')).toBe(true);
    });
    const resumed = await open(PLACES[2]);
    await resumed.call('subscribe_account', { accounts: [uriOf(PLACES[2])], resumeFrom: 0 });
    await eventually(() => expect(statesOf(resumed, paymentId)).toEqual(['prepared', 'executed']));

    const frames = clients.flatMap((client) => client.frames);
    expect(new Set(frames.map(schemaOf))).toEqual(
      new Set(['Connect', 'Subscribed', 'Error', 'TransferCreated', 'TransferUpdated', 'MessageSent']),
    );
    expect(frames.flatMap((frame) => problemsWith(schemaOf(frame), frame))).toEqual([]);
  });

  it('would not agree if a frame lacked a member, or had one of another type', () => {
    const frame = clients.flatMap((client) => client.frames).find((one) => schemaOf(one) === 'TransferUpdated');
    const { sequence, ...params } = frame.params;
    expect(problemsWith('TransferUpdated', { ...frame, params })).toHaveLength(1);
    expect(
      problemsWith('TransferUpdated', { ...frame, params: { ...params, sequence: String(sequence) } }),
    ).toHaveLength(1);
    expect(problemsWith('TransferCreated', frame)).toHaveLength(1);
  });

  it('agree on requests: what is subscribed above is as described, and other forms are not', () => {
    const request = (params: object) => ({ jsonrpc: '2.0', id: 1, method: 'subscribe_account', params });
    expect(
      problemsWith('SubscribeAccount', request({ accounts: ['http://a.test/accounts/b'], resumeFrom: 0 })),
    ).toEqual([]);
    expect(problemsWith('SubscribeAccount', request({ accounts: 'x' }))).toHaveLength(1);
    expect(problemsWith('SubscribeAccount', request({ accounts: [], eventType: 'x' }))).toHaveLength(1);
    expect(problemsWith('SubscribeAllAccounts', { jsonrpc: '2.0', id: 1, method: 'subscribe_all_accounts' })).toEqual(
      [],
    );
  });
});
