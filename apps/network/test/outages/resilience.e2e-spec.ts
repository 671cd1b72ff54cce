import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { conditionOf, formatFulfillment } from '@level-one/ilp';
import { parseAmount } from '@level-one/money';
import { eventually } from '@level-one/testing';
import { randomBytes, randomInt } from 'node:crypto';
import { DataSource } from 'typeorm';
import { credentialsFor } from '../../src/plan/credentials.js';
import { ALICE, BOB, CAROL, DAVE, invoice, pay } from '../support/people.js';
import { type Answer, TestNetwork } from '../support/test-network.js';

type Setup = Record<string, string>;
type DfspName = 'dfsp1' | 'dfsp2';

/** Far longer than anything here takes, and than the pauses of whoever tries again. */
const LATEST_MS = 60_000;
const PAYMENTS = 100;
/** More than two processors get through before a hop gives up would only show that it does. */
const AT_ONCE = 40;

describe('What if', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start({ SWEEP_INTERVAL_MS: '100' });
    await network.allowDirectUse('dfsp1', 'alice');
  });

  afterEach(async () => {
    await untilNothingIsHeld();
    expect(await network.violations()).toEqual([]);
  });

  afterAll(() => network.close());

  const ledgerOf = (dfsp: DfspName | null): DataSource =>
    network.running.role(dfsp === null ? 'central-ledger' : 'dfsp-ledger', dfsp).app.get(DataSource, { strict: false });

  /** State by id of every transfer between the DFSPs: on T1's, the central, and T3's ledger. */
  async function transfersOf(dfsp: DfspName | null): Promise<Map<string, string>> {
    const rows: { id: string; state: string }[] = await ledgerOf(dfsp).query('SELECT id, state FROM transfers');
    return new Map(rows.map(({ id, state }) => [id, state]));
  }

  async function untilNothingIsHeld(): Promise<void> {
    await eventually(
      async () => {
        for (const dfsp of ['dfsp1', null, 'dfsp2'] as const) {
          expect(await ledgerOf(dfsp).query('SELECT * FROM holds')).toEqual([]);
        }
      },
      { timeoutMs: LATEST_MS, intervalMs: 50 },
    );
  }

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
        const found = [...(await transfersOf(null))].find(([id, state]) => !known.has(id) && state === 'prepared');
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
    const known = await transfersOf(null);
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
      const known = await transfersOf(null);
      const moved = await movedBy(async () => {
        let paying: Promise<unknown> | undefined;
        await network.running.restart('ilp-connector', 'dfsp2', async () => {
          paying = pay(network, invoiceNotificationId).catch(() => 'broken off');
          await idOnItsWay(known);
          await network.running.restart(role, 'dfsp1');
        });
        await paying;
        // A second try meanwhile must not pay twice.
        expect(await pay(network, invoiceNotificationId)).toMatchObject({
          status: 422,
          body: { id: 'InvoiceNotPendingError' },
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

  it('many pay, cancel, reject and overdraw at once, in both directions? Every cent is where the invoices say.', async () => {
    const before = await network.balances();
    const deals: Deal[] = [];
    while (deals.length < PAYMENTS) {
      deals.push(...(await Promise.all(Array.from({ length: 25 }, (_, index) => issued(deals.length + index)))));
    }
    const waiting = deals.values();
    const lane = async (): Promise<void> => {
      for (const deal of waiting) await dealWith(deal);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    await untilNothingIsHeld();

    const expected = {
      alice: 0n,
      dave: 0n,
      bob: 0n,
      carol: 0n,
      connector1: 0n,
      connector2: 0n,
      central1: 0n,
      central2: 0n,
    };
    await eventually(
      async () => {
        Object.assign(expected, Object.fromEntries(Object.keys(expected).map((name) => [name, 0n])));
        for (const deal of deals) {
          const status = await statusOf(deal.merchant.dfsp, `invoices/${deal.invoiceId}`);
          const seen = await statusOf(deal.client.dfsp, `invoiceNotifications/${deal.notificationId}`);
          // A client who rejects tells the merchant; whoever pays is told by the payment.
          expect([deal.kind, status, seen]).toEqual([deal.kind, expect.stringMatching(OUTCOMES[deal.kind]), status]);
          if (status === 'paid') book(expected, deal);
        }
      },
      { timeoutMs: LATEST_MS, intervalMs: 200 },
    );
    const after = await network.balances();
    const gained = Object.fromEntries(
      Object.keys(expected).map((name) => [name, minorUnits(after[name]) - minorUnits(before[name])]),
    );
    expect(gained).toEqual(expected);

    // What crossed the centre ended alike on every ledger.
    const [first, central, second] = await Promise.all([transfersOf('dfsp1'), transfersOf(null), transfersOf('dfsp2')]);
    const torn = [...central].filter(([id, state]) => first.get(id) !== state || second.get(id) !== state);
    expect(torn).toEqual([]);
    expect(deals.some(({ kind }) => kind === 'pay')).toBe(true);
  });

  interface Person {
    account: keyof typeof PEOPLE;
    number: string;
    dfsp: DfspName;
  }
  const PEOPLE = {
    alice: { account: 'alice', number: ALICE, dfsp: 'dfsp1' },
    dave: { account: 'dave', number: DAVE, dfsp: 'dfsp1' },
    bob: { account: 'bob', number: BOB, dfsp: 'dfsp2' },
    carol: { account: 'carol', number: CAROL, dfsp: 'dfsp2' },
  } as const;
  const KINDS = ['pay', 'pay', 'pay', 'payTwice', 'payAndCancel', 'payAndReject', 'overdraw'] as const;
  type Kind = (typeof KINDS)[number];
  /** What may become of an invoice. */
  const OUTCOMES: Record<Kind, RegExp> = {
    pay: /^paid$/,
    payTwice: /^paid$/,
    payAndCancel: /^(paid|cancelled)$/,
    payAndReject: /^(paid|rejected)$/,
    overdraw: /^pending$/,
  };
  /** Statuses of the answers, in ascending order. */
  const ANSWERS: Record<Kind, number[]> = {
    pay: [200],
    payTwice: [200, 422],
    payAndCancel: [200, 422],
    payAndReject: [200, 422],
    overdraw: [422],
  };
  interface Deal {
    kind: Kind;
    merchant: Person;
    client: Person;
    amount: bigint;
    invoiceId: string;
    notificationId: string;
  }

  /** The same notification again is answered with the id of the one that is stored (N27). */
  function notificationOf(
    merchant: DfspName,
    client: { number: string; dfsp: DfspName },
    invoiceId: string,
  ): Promise<string> {
    return eventually(
      async () => {
        const called = { role: 'dfsp-api', dfsp: client.dfsp } as const;
        const answer = await network.ask('dfsp-api', client.dfsp, 'POST /v1/invoices', {
          auth: credentialsFor(network.running.plan, called, 'spsp-backend') ?? null,
          body: {
            invoiceUrl: network.url('spsp-server', merchant, `/v1/invoices/${invoiceId}`),
            senderIdentifier: client.number,
            memo: 'told again',
          },
        });
        expect([answer.status, answer.text]).toEqual([201, answer.text]);
        return answer.body.invoiceNotificationId as string;
      },
      { timeoutMs: LATEST_MS },
    );
  }

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
      invoiceNotificationId: await notificationOf('dfsp2', PEOPLE.alice, invoiceId),
    };
  }

  /** Issues one invoice with chance for its terms, and finds its notification. */
  async function issued(index: number): Promise<Deal> {
    const kind = KINDS[index % KINDS.length]!;
    const merchant = randomInt(2) ? PEOPLE.bob : PEOPLE.dave;
    const client = randomInt(2) ? PEOPLE.alice : PEOPLE.carol;
    const amount = kind === 'overdraw' ? 500_000n + BigInt(randomInt(1_000)) : BigInt(randomInt(1, 300));
    const text = `${amount / 100n}.${String(amount % 100n).padStart(2, '0')}`;
    const created = await network.ask('dfsp-api', merchant.dfsp, 'POST /v1/merchantInvoice', {
      body: {
        account: merchant.account,
        merchantIdentifier: merchant.number,
        identifier: client.number,
        amount: text,
        info: `deal ${index}`,
      },
    });
    expect([created.status, created.text]).toEqual([201, created.text]);
    const { invoiceId } = created.body as { invoiceId: string };
    const notificationId = await notificationOf(merchant.dfsp, client, invoiceId);
    return { kind, merchant, client, amount, invoiceId, notificationId };
  }

  async function dealWith({ kind, merchant, client, invoiceId, notificationId }: Deal): Promise<void> {
    const body = { account: client.account, invoiceNotificationId: notificationId };
    const payIt = () => network.ask('dfsp-api', client.dfsp, 'PUT /v1/invoiceNotifications/pay', { body });
    const cancel = () => network.ask('dfsp-api', merchant.dfsp, `PUT /v1/invoices/${invoiceId}/cancel`);
    const reject = () =>
      network.ask('dfsp-api', client.dfsp, 'PUT /v1/invoiceNotifications/reject', {
        body: { invoiceNotificationId: notificationId },
      });
    const [answer, other] = await Promise.all([
      payIt(),
      kind === 'payTwice'
        ? payIt()
        : kind === 'payAndCancel'
          ? cancel()
          : kind === 'payAndReject'
            ? reject()
            : undefined,
    ]);
    const statuses = [answer.status, ...(other ? [other.status] : [])];
    const isOverdrawn = answer.body.id === 'InsufficientFundsError';
    const told = [answer.text, other?.text];
    expect([kind, isOverdrawn, ...statuses.toSorted((a, b) => a - b), told]).toEqual([
      kind,
      kind === 'overdraw',
      ...ANSWERS[kind],
      told,
    ]);
  }

  function book(
    balances: Record<'connector1' | 'connector2' | 'central1' | 'central2' | keyof typeof PEOPLE, bigint>,
    { merchant, client, amount }: Deal,
  ): void {
    balances[client.account] -= amount;
    balances[merchant.account] += amount;
    if (merchant.dfsp === client.dfsp) return;
    const forth = client.dfsp === 'dfsp1' ? amount : -amount;
    balances.connector1 += forth;
    balances.central1 -= forth;
    balances.central2 += forth;
    balances.connector2 -= forth;
  }

  async function statusOf(dfsp: DfspName, path: string): Promise<string> {
    const { body } = await network.ask('dfsp-api', dfsp, `GET /v1/${path}`);
    return body.status === 'unpaid' ? 'pending' : body.status;
  }

  const untilStatus = (dfsp: DfspName, path: string, status: string): Promise<void> =>
    eventually(async () => expect(await statusOf(dfsp, path)).toBe(status), { timeoutMs: LATEST_MS, intervalMs: 50 });
});

function minorUnits(balance: string | undefined): bigint {
  const text = balance ?? '';
  const magnitude = parseAmount(text.replace('-', ''), { precision: 16, allowZero: true });
  return text.startsWith('-') ? -magnitude : magnitude;
}
