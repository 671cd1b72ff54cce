import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { TestConsole } from '../console.fixture.js';
import { exported } from '../traces/made-spans.fixture.js';

interface Received {
  event: string;
  data: any;
}

describe('the live stream', () => {
  let console: TestConsole;

  beforeAll(async () => {
    console = await TestConsole.open();
    console.roles.on(/^GET \/dfsp1\/dfsp-ledger\/accounts$/, {
      json: [{ name: 'alice', balance: '1000.00', held: '10.40', password: 'alice' }],
    });
    console.roles.on(/^GET \/dfsp1\/dfsp-api\/payments\//, { json: { state: 'executed' } });
  });

  afterAll(() => console?.close());

  async function watch(): Promise<{ received: Received[]; ended: Promise<void> }> {
    const { port } = console.running.app.getHttpServer().address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/api/live`);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const received: Received[] = [];
    const read = async (): Promise<void> => {
      let rest = '';
      for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
        const parts = (rest + chunk).split('\n\n');
        rest = parts.pop() ?? '';
        for (const part of parts) {
          const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1] ?? '';
          if (field('data') !== '') received.push({ event: field('event'), data: JSON.parse(field('data')) });
        }
      }
    };
    return { received, ended: read() };
  }

  it('has spans as they come, balances when they change, and the state of a payment; a stop does not wait for it', async () => {
    const paymentId = randomUUID();
    const { received, ended } = await watch();
    const dataOf = (event: string): any[] => received.filter((one) => one.event === event).map(({ data }) => data);
    await eventually(() => {
      expect(dataOf('balances')).toEqual([
        { ledger: 'dfsp1', accounts: [{ name: 'alice', balance: '1010.40', held: '10.40' }] },
      ]);
    });
    await console.ask('POST /v1/traces', { body: exported({ paymentId }) });
    await eventually(() => {
      expect(dataOf('span')).toMatchObject([
        { paymentId, hop: 'P.D', role: 'spsp-client', dfsp: 'dfsp1', status: 201 },
      ]);
      expect(dataOf('payment')).toEqual([{ paymentId, state: 'executed' }]);
    });
    await console.running.close();
    await ended;
    console.running = await console.another();
  });

  it('has the hold of a payment that was over before the balances could be read', async () => {
    const paymentId = randomUUID();
    const { received, ended } = await watch();
    const heldOf = (): string[][] =>
      received
        .filter(({ event }) => event === 'balances')
        .map(({ data }) => [data.accounts[0].balance, data.accounts[0].held]);
    await eventually(() => expect(heldOf()).toEqual([['1010.40', '10.40']]));
    // The clock of the ledger is a day ahead.
    const [preparedAt, executedAt] = [1, 2].map((ms) => new Date(Date.now() + 86_400_000 + ms).toISOString());
    console.roles.on(/^GET \/dfsp1\/dfsp-ledger\/accounts$/, {
      json: [{ name: 'alice', balance: '980.00', held: '10.40' }],
    });
    console.roles.on(new RegExp(`^GET /dfsp1/dfsp-ledger/transfers/${paymentId}$`), {
      json: {
        state: 'executed',
        debits: [{ account: 'http://dfsp1.test/accounts/alice', amount: '20.00' }],
        timeline: { prepared_at: preparedAt, executed_at: executedAt },
      },
    });
    const attributes = { 'levelone.frame': 'transfer.update' };
    await console.ask('POST /v1/traces', { body: exported({ paymentId, kind: 4, attributes }) });
    await eventually(() => {
      expect(heldOf()).toEqual([
        ['1010.40', '10.40'],
        ['1010.40', '30.40'],
        ['990.40', '10.40'],
      ]);
    });
    await console.running.close();
    await ended;
    console.running = await console.another();
  });

  it('does not ask the ledgers while nobody watches', async () => {
    console.roles.clearCalls();
    await console.ask('POST /v1/traces', { body: exported({ paymentId: randomUUID() }) });
    expect(console.roles.calls).toEqual([]);
  });
});
