import { beforeEach, describe, expect, it } from '@jest/globals';
import { decodeIlqp, encodeIlqp, type IlqpPacket, type IlqpRequest } from '@level-one/ilp';
import { LedgerSubscriber, MemoryCursorStore } from '@level-one/notifications';
import { LedgerClient } from '@level-one/peers';
import { RoleLogger } from '@level-one/platform';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import {
  type LedgerName,
  http,
  clients,
  connectors,
  baseOf,
  startConnector,
  stopConnector,
  untilReady,
  prepare,
  untilStates,
  balances,
  UNTOUCHED,
  useConnectors,
} from '../ilp-connector.fixture.js';

useConnectors();

/** Asks a connector for a quote in the binary form, as `name` of a ledger. */
async function askBinary(ledger: LedgerName, name: string, to: string, request: IlqpPacket): Promise<IlqpPacket> {
  const role = ledger === 'central' ? 'central-ledger' : 'dfsp-ledger';
  const client = new LedgerClient(http, { role, baseUrl: baseOf(ledger), name, password: 'secret' });
  const answers = new Map<string, string>();
  const subscriber = new LedgerSubscriber({
    name: 'asker',
    ...client.websocket,
    accounts: [client.accountUri(name)],
    cursor: new MemoryCursorStore(),
    handle: async ({ resource }) => {
      const { id, ilp } = resource['data'] as { id: string; ilp: string };
      answers.set(id, ilp);
    },
    logger: RoleLogger.create({ role: 'test', dfsp: null }, 'silent'),
  });
  subscriber.start();
  await subscriber.ready();
  const id = randomUUID();
  await client.sendMessage(to, { id, ilp: encodeIlqp(request).toString('base64') });
  const answer = await eventually(() => {
    expect(answers.has(id)).toBe(true);
    return decodeIlqp(Buffer.from(answers.get(id)!, 'base64'));
  });
  await subscriber.close();
  return answer;
}

describe('questions in the binary form', () => {
  const destination = 'levelone.dfsp2.bob';
  const destinationHoldMs = 10_000;
  const most = 100_000_000n;
  const straight = [
    { source: 0n, destination: 0n },
    { source: most, destination: most },
  ];

  beforeEach(async () => {
    // Quotes of the other connector's are asked for here: this account answers for it.
    if (connectors.dfsp1) await stopConnector('dfsp1');
  });

  it.each<[IlqpRequest, Partial<IlqpPacket>]>([
    [
      { type: 'bySourceRequest', destination, destinationHoldMs, sourceAmount: 1_040n },
      { type: 'bySourceResponse', destinationAmount: 1_040n, sourceHoldMs: 11_000 },
    ],
    [
      { type: 'byDestinationRequest', destination, destinationHoldMs, destinationAmount: 1_040n },
      { type: 'byDestinationResponse', sourceAmount: 1_040n, sourceHoldMs: 11_000 },
    ],
    [
      { type: 'liquidityRequest', destination, destinationHoldMs },
      { type: 'liquidityResponse', prefix: 'levelone.dfsp2.', curve: straight, sourceHoldMs: 11_000 },
    ],
    [
      { type: 'bySourceRequest', destination, destinationHoldMs, sourceAmount: most + 1n },
      { type: 'error', code: 'F03' },
    ],
    [
      { type: 'byDestinationRequest', destination, destinationHoldMs, destinationAmount: 0n },
      { type: 'error', code: 'F03' },
    ],
    [
      { type: 'liquidityRequest', destination, destinationHoldMs: 61_000 },
      { type: 'error', code: 'F00' },
    ],
    [
      { type: 'bySourceRequest', destination: 'levelone.dfsp9.bob', destinationHoldMs, sourceAmount: 1n },
      { type: 'error', code: 'F02', name: 'Unreachable' },
    ],
  ])('F3: %o is answered at the own ledger and at the centre', async (request, answer) => {
    expect(await askBinary('central', 'dfsp1', 'dfsp2', request)).toMatchObject(answer);
    await startConnector('dfsp1');
    await untilReady();
    expect(await askBinary('dfsp1', 'alice', 'dfsp1-testconnector', request)).toMatchObject(answer);
  });

  it.each(['dfsp2-testconnector', 'house', 'nobody'])('A3: offers nothing for %s', async (name) => {
    const request = { destination: `levelone.dfsp2.${name}.token`, destinationHoldMs } as const;
    for (const question of [
      { type: 'liquidityRequest', ...request },
      { type: 'bySourceRequest', ...request, sourceAmount: 1n },
      { type: 'byDestinationRequest', ...request, destinationAmount: 1n },
    ] as const) {
      expect(await askBinary('central', 'dfsp1', 'dfsp2', question)).toMatchObject({ type: 'error', code: 'F02' });
    }
  });
});

describe('addresses that are no customer', () => {
  it.each(['dfsp2-testconnector', 'dfsp2-testconnector.token', 'house', 'nobody.x'])(
    'A3: nothing is delivered to %s, and the books of the connectors stay equal',
    async (name) => {
      const id = await prepare({ address: `levelone.dfsp2.${name}` });
      const [t1] = await untilStates(id, 'rejected', 'rejected', undefined);
      expect(t1?.credits[0]?.rejection_message).toMatchObject({ code: 'F02' });
      expect(await balances()).toEqual(UNTOUCHED);
    },
  );

  it.each(['levelone.dfsp1.alice', 'levelone.dfsp1.dfsp1-testconnector', 'levelone.ist.dfsp2'])(
    'A3: %s of another ledger is refused before anything goes on',
    async (address) => {
      const id = await prepare({ address });
      const [t1] = await untilStates(id, 'rejected', undefined, undefined);
      expect(t1?.credits[0]?.rejection_message).toMatchObject({ code: 'F02' });
      expect(await balances()).toEqual(UNTOUCHED);
    },
  );

  it('F2: more than the packet says arrives as it is, for the payee to refuse', async () => {
    const id = await prepare({ amount: '10.41' });
    const [, , t3] = await untilStates(id, 'prepared', 'prepared', 'prepared');
    expect(t3?.credits[0]?.amount).toBe('10.41');
    await clients.dfsp2.reject('R1', id, { code: 'F03', message: 'The amount is not the one that was set up' });
    await untilStates(id, 'rejected', 'rejected', 'rejected');
    expect(await balances()).toEqual(UNTOUCHED);
  });
});
