import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, FakePeers, FULFILLMENT } from '@level-one/testing';
import {
  balances,
  clients,
  connectors,
  PAID,
  prepare,
  startConnector,
  stopConnector,
  untilReady,
  untilStates,
  useConnectors,
} from './ilp-connector.fixture.js';

useConnectors();

const DFSP1 = { shortName: 'dfsp1', ilpPrefix: 'levelone.dfsp1.', centralAccount: 'dfsp1', status: 'active' };
const DFSP2 = { shortName: 'dfsp2', ilpPrefix: 'levelone.dfsp2.', centralAccount: 'dfsp2', status: 'active' };

let directory: FakePeers;

beforeAll(async () => {
  directory = await FakePeers.start();
});

afterAll(() => directory.stop());

/** What the central directory tells from now on. */
function registered(...dfsps: object[]): void {
  const providerUrl = 'http://127.0.0.1:1/v1';
  directory.on(/^GET .*\/dfsps$/, { json: dfsps.map((dfsp) => ({ providerUrl, origins: [], ...dfsp })) });
}

/** The connector of dfsp1 with no routes but those of the central directory. */
const learning = () =>
  startConnector('dfsp1', {
    routes: undefined,
    centralDirectoryUrl: directory.url,
    centralDirectoryKey: 'dfsp1',
    centralDirectorySecret: 'secret',
    learnRoutesIntervalS: 1,
  });

beforeEach(async () => {
  await stopConnector('dfsp1');
  registered(DFSP1);
});

async function pay(): Promise<void> {
  const id = await prepare();
  await untilStates(id, 'prepared', 'prepared', 'prepared');
  await clients.dfsp2.fulfil('V.A', id, FULFILLMENT);
  await untilStates(id, 'executed', 'executed', 'executed');
}

async function refusal(): Promise<unknown> {
  const [t1] = await untilStates(await prepare(), 'rejected', undefined, undefined);
  return t1?.credits[0]?.rejection_message;
}

describe('a connector without CONNECTOR_ROUTES', () => {
  it('pays a DFSP that is registered while it runs, without a restart', async () => {
    await learning();
    await untilReady();
    expect(await refusal()).toMatchObject({ code: 'F02', additional_info: { id: 'AssetsNotTradedError' } });
    registered(DFSP1, DFSP2);
    await untilLearned(2);
    await pay();
    expect(await balances()).toEqual(PAID);
  });

  it('refuses for a while what goes to a suspended DFSP, and pays it when it is back', async () => {
    registered(DFSP1, { ...DFSP2, status: 'suspended' });
    await learning();
    await untilReady();
    expect(await refusal()).toMatchObject({ code: 'T01', additional_info: { message: 'dfsp2 is suspended' } });
    registered(DFSP1, DFSP2);
    await untilLearned(2);
    await pay();
    expect(await balances()).toEqual(PAID);
  });

  it('keeps its routes while the directory is away, and waits for them at its start', async () => {
    directory.on(/^GET .*\/dfsps$/, { status: 503, json: { id: 'ServiceUnavailableError', message: 'away' } });
    await learning();
    await expect(connectors.dfsp1!.assertReady()).rejects.toThrow('Not ready');
    const id = await prepare();
    registered(DFSP1, DFSP2);
    await untilStates(id, 'prepared', 'prepared', 'prepared');
    directory.on(/^GET .*\/dfsps$/, { status: 503, json: { id: 'ServiceUnavailableError', message: 'away' } });
    await untilLearned(1);
    await clients.dfsp2.reject('R1', id, { message: 'no' });
    await untilStates(id, 'rejected', 'rejected', 'rejected');
    await pay();
    expect(await balances()).toEqual(PAID);
  });
});

/** Waits until the directory was asked so many times more. */
async function untilLearned(times: number): Promise<void> {
  const before = directory.callsTo(/\/dfsps$/).length;
  await eventually(() => expect(directory.callsTo(/\/dfsps$/).length).toBeGreaterThanOrEqual(before + times), {
    timeoutMs: 60_000,
  });
}
