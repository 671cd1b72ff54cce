import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { conditionOf, formatFulfillment } from '@level-one/ilp';
import { eventually } from '@level-one/testing';
import { randomBytes } from 'node:crypto';
import { ALICE, BOB, invoice, pay } from '../support/people.js';
import {
  LATEST_MS,
  minorUnits,
  notificationOf,
  statusOf,
  transfersOf,
  untilNothingIsHeld,
} from '../support/outcomes.js';
import type { DfspName } from '../../src/plan/topology.js';
import { type Answer, TestNetwork } from '../support/test-network.js';

type Setup = Record<string, string>;

describe('What if', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start({ SWEEP_INTERVAL_MS: '100' });
    await network.allowDirectUse('dfsp1', 'alice');
  });

  afterEach(async () => {
    await untilNothingIsHeld(network);
    expect(await network.violations()).toEqual([]);
  });

  afterAll(() => network.close());

  const setUp = async (receiver: string, changes: Record<string, unknown> = {}): Promise<Setup> => {
    const answer = await network.ask('spsp-client-proxy', 'dfsp1', 'POST /spsp/client/v1/setup', {
      body: { receiver, sourceAccount: 'alice', sourceIdentifier: ALICE, ...changes },
    });
    expect([answer.status, answer.text]).toEqual([201, answer.text]);
    return answer.body;
  };
  const toBob = (destinationAmount: string): Promise<Setup> =>
    setUp(network.url('spsp-server', 'dfsp2', `/v1/receivers/${BOB}`), { destinationAmount });
  const transfer = (setup: Setup): Promise<Answer> =>
    network.ask('spsp-client-proxy', 'dfsp1', `POST /spsp/client/v1/transfers/${setup['id']}`, { body: setup });
  /** T1 as the payer prepares it without anybody's help. */
  const prepare = (setup: Setup, changes: Record<string, unknown> = {}): Promise<Answer> =>
    network.ask('ledger-adapter', 'dfsp1', `PUT /ilp/ledger/v1/transfers/${setup['id']}`, {
      auth: 'alice:alice',
      body: {
        debits: [{ account: 'alice', amount: setup['sourceAmount'], authorized: true }],
        credits: [
          { account: 'dfsp1-testconnector', amount: setup['sourceAmount'], memo: { ilp: setup['additionalHeaders'] } },
        ],
        execution_condition: setup['condition'],
        expires_at: setup['expiresAt'],
        ...changes,
      },
    });
  const stateOf = async (dfsp: DfspName | null, id: string): Promise<unknown> => {
    const { body, status } = await network.transfer(dfsp, id);
    return body.state ?? status;
  };
  const statesOf = async (id: string): Promise<unknown[]> => [
    await stateOf('dfsp1', id),
    await stateOf(null, id),
    await stateOf('dfsp2', id),
  ];
  const untilState = (dfsp: DfspName | null, id: string, state: string): Promise<void> =>
    eventually(async () => expect(await stateOf(dfsp, id)).toBe(state), { timeoutMs: LATEST_MS, intervalMs: 20 });
  const untilStates = (id: string, ...states: (string | number)[]): Promise<void> =>
    eventually(async () => expect(await statesOf(id)).toEqual(states), { timeoutMs: LATEST_MS, intervalMs: 20 });

  /** How much less Alice and how much more Bob has after `work`, in minor units. */
  async function movedBy(work: () => Promise<unknown>): Promise<{ paid: bigint; received: bigint }> {
    const before = await network.balances();
    await work();
    const after = await network.balances();
    const gain = (name: string): bigint => minorUnits(after[name]) - minorUnits(before[name]);
    return { paid: -gain('alice'), received: gain('bob') };
  }

  /** The id of the payment that is on its way from `dfsp1` to the centre, once T2 is prepared. */
  const idOnItsWay = (known: Map<string, string>): Promise<string> =>
    eventually(
      async () => {
        const found = [...(await transfersOf(network, null))].find(
          ([id, state]) => !known.has(id) && state === 'prepared',
        );
        expect(found).toBeDefined();
        return found![0];
      },
      { timeoutMs: LATEST_MS, intervalMs: 20 },
    );

  it("the payer's connector is down while T1 is prepared? It goes on where it was.", async () => {
    const setup = await toBob('1.01');
    const moved = await movedBy(async () => {
      await network.running.restart('ilp-connector', 'dfsp1', async () => {
        expect((await prepare(setup)).body.state).toBe('prepared');
      });
      await untilStates(setup['id']!, 'executed', 'executed', 'executed');
    });
    expect(moved).toEqual({ paid: 101n, received: 101n });
  });

  it("the payee's connector is down while T2 is prepared? The payer waits a little longer.", async () => {
    const { invoiceNotificationId } = await invoiced('1.02');
    const known = await transfersOf(network, null);
    let paying: Promise<Answer> | undefined;
    const moved = await movedBy(async () => {
      await network.running.restart('ilp-connector', 'dfsp2', async () => {
        paying = pay(network, invoiceNotificationId);
        await idOnItsWay(known);
      });
      expect(await paying).toMatchObject({ status: 200, body: { status: 'paid' } });
    });
    expect(moved).toEqual({ paid: 102n, received: 102n });
  });

  it('the central ledger is down while T1 is prepared? T2 follows when it is back.', async () => {
    const setup = await toBob('1.03');
    await network.running.restart('central-ledger', null, async () => {
      expect((await prepare(setup)).body.state).toBe('prepared');
    });
    await untilStates(setup['id']!, 'executed', 'executed', 'executed');
  });

  it("the payee's SPSP server restarts between prepare and execute? It answers for what it missed.", async () => {
    const setup = await toBob('1.04');
    let paying: Promise<Answer> | undefined;
    await network.running.restart('spsp-server', 'dfsp2', async () => {
      paying = transfer(setup);
      await untilState('dfsp2', setup['id']!, 'prepared');
    });
    expect(await paying).toMatchObject({ status: 201, body: { status: 'executed' } });
    expect(await statesOf(setup['id']!)).toEqual(['executed', 'executed', 'executed']);
  });

  it('the central ledger is down while T3 is executed? The payee’s connector claims T2 as soon as it can.', async () => {
    const setup = await toBob('1.05');
    const moved = await movedBy(async () => {
      let paying: Promise<Answer> | undefined;
      await network.running.restart('spsp-server', 'dfsp2', async () => {
        paying = transfer(setup);
        await untilState('dfsp2', setup['id']!, 'prepared');
        await network.running.role('central-ledger').close();
      });
      await untilState('dfsp2', setup['id']!, 'executed');
      await network.running.restart('central-ledger');
      expect(await paying).toMatchObject({ status: 201, body: { status: 'executed' } });
    });
    expect(moved).toEqual({ paid: 105n, received: 105n });
  });

  it('both connectors restart while T3 is held? Nothing is forwarded twice, and all is claimed.', async () => {
    const setup = await toBob('1.06');
    const moved = await movedBy(async () => {
      let paying: Promise<Answer> | undefined;
      await network.running.restart('spsp-server', 'dfsp2', async () => {
        paying = transfer(setup);
        await untilState('dfsp2', setup['id']!, 'prepared');
        await Promise.all([
          network.running.restart('ilp-connector', 'dfsp1'),
          network.running.restart('ilp-connector', 'dfsp2'),
        ]);
      });
      expect(await paying).toMatchObject({ status: 201, body: { status: 'executed' } });
    });
    expect(moved).toEqual({ paid: 106n, received: 106n });
  });

  it('all ledgers and their adapters restart while T3 is held? Holds survive, and subscribers come back.', async () => {
    const setup = await toBob('1.07');
    let paying: Promise<Answer> | undefined;
    await network.running.restart('spsp-server', 'dfsp2', async () => {
      paying = transfer(setup);
      await untilState('dfsp2', setup['id']!, 'prepared');
      await Promise.all([
        network.running.restart('central-ledger'),
        ...(['dfsp1', 'dfsp2'] as const).flatMap((dfsp) => [
          network.running.restart('dfsp-ledger', dfsp),
          network.running.restart('ledger-adapter', dfsp),
        ]),
      ]);
      expect(await statesOf(setup['id']!)).toEqual(['prepared', 'prepared', 'prepared']);
    });
    expect(await paying).toMatchObject({ status: 201, body: { status: 'executed' } });
  });

  it.each(['dfsp-api', 'spsp-client', 'spsp-client-proxy'] as const)(
    "the payer's %s restarts while a payment is on its way? The payment ends, and the client sees it paid.",
    async (role) => {
      const { invoiceId, invoiceNotificationId } = await invoiced('1.08');
      const known = await transfersOf(network, null);
      const moved = await movedBy(async () => {
        let paying: Promise<unknown> | undefined;
        await network.running.restart('ilp-connector', 'dfsp2', async () => {
          paying = pay(network, invoiceNotificationId).catch(() => 'broken off');
          await idOnItsWay(known);
          await network.running.restart(role, 'dfsp1');
        });
        await paying;
        // A second try meanwhile must not pay twice: it is told of the first one.
        expect(await pay(network, invoiceNotificationId)).toMatchObject({
          status: 200,
          body: { status: expect.stringMatching(/^(paid|pending)$/) },
        });
        await untilStatus('dfsp1', `invoiceNotifications/${invoiceNotificationId}`, 'paid');
        await untilStatus('dfsp2', `invoices/${invoiceId}`, 'paid');
      });
      expect(moved).toEqual({ paid: 108n, received: 108n });
    },
  );

  it("the payee's DFSP API is down when it is asked whether it takes the money? It is asked again.", async () => {
    const { invoiceUrl, invoiceId } = await invoiced('1.09');
    const setup = await setUp(invoiceUrl);
    let paying: Promise<Answer> | undefined;
    await network.running.restart('dfsp-api', 'dfsp2', async () => {
      paying = transfer(setup);
      await untilState('dfsp2', setup['id']!, 'prepared');
    });
    expect(await paying).toMatchObject({ status: 201, body: { status: 'executed' } });
    await untilStatus('dfsp2', `invoices/${invoiceId}`, 'paid');
  });

  it('a setup is asked for and a payment sent several times at once? One payment, the same answers.', async () => {
    const { invoiceUrl } = await invoiced('1.10');
    const body = {
      receiver: invoiceUrl,
      sourceAccount: 'alice',
      sourceIdentifier: ALICE,
      paymentId: 'b9c4ceba-51e4-4a80-b1a7-2972383e98af',
    };
    const setups = await Promise.all(Array.from({ length: 4 }, () => setUp(invoiceUrl, body)));
    expect(new Set(setups.map((setup) => JSON.stringify(setup))).size).toBe(1);
    const moved = await movedBy(async () => {
      const answers = await Promise.all(setups.map((setup) => transfer(setup)));
      expect(answers.map(({ body: result }) => result.status)).toEqual(setups.map(() => 'executed'));
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 201]);
    });
    expect(moved).toEqual({ paid: 110n, received: 110n });
  });

  it('a payer prepares T1 so that they could take it back? No connector forwards it.', async () => {
    const setup = await toBob('1.11');
    const takesBack = randomBytes(32);
    const moved = await movedBy(async () => {
      const cancellation_condition = conditionOf(takesBack, 'ni');
      expect((await prepare(setup, { cancellation_condition })).body.state).toBe('prepared');
      await untilState('dfsp1', setup['id']!, 'rejected');
      expect(await statesOf(setup['id']!)).toEqual(['rejected', 404, 404]);
      const late = await network.ask(
        'ledger-adapter',
        'dfsp1',
        `PUT /ilp/ledger/v1/transfers/${setup['id']}/fulfillment`,
        { auth: 'alice:alice', body: formatFulfillment(takesBack, 'ni'), headers: { 'content-type': 'text/plain' } },
      );
      expect(late.status).toBe(400);
    });
    expect(moved).toEqual({ paid: 0n, received: 0n });
  });

  /** Bob invoices Alice. */
  async function invoiced(amount: string) {
    // Who was restarted a moment ago may break connections that others still hold.
    const created = await eventually(async () => {
      const answer = await invoice(network, { amount });
      expect([answer.status, answer.text]).toEqual([201, answer.text]);
      return answer;
    });
    const { invoiceId } = created.body as { invoiceId: string };
    return {
      invoiceId,
      invoiceUrl: network.url('spsp-server', 'dfsp2', `/v1/invoices/${invoiceId}`),
      invoiceNotificationId: await notificationOf(network, 'dfsp2', { number: ALICE, dfsp: 'dfsp1' }, invoiceId),
    };
  }

  const untilStatus = (dfsp: DfspName, path: string, status: string): Promise<void> =>
    eventually(async () => expect(await statusOf(network, dfsp, path)).toBe(status), {
      timeoutMs: LATEST_MS,
      intervalMs: 50,
    });
});
