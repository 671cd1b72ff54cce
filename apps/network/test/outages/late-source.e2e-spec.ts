import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { ALICE, BOB } from '../support/people.js';
import { type Answer, TestNetwork } from '../support/test-network.js';

type Setup = Record<string, string>;
type DfspName = 'dfsp1' | 'dfsp2';

/** Long enough to get T3 executed, short enough to wait for the end of T1. */
const SETUP_LIFETIME_S = 12;
/** Far more than any of the waits below: what is over before it ends, did not end with it. */
const LATE_GRACE_S = 120;
const LATEST_MS = 60_000;

describe('What if T1’s time is over (N50, rulings 9 and 39)', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start({
      SETUP_LIFETIME_S: String(SETUP_LIFETIME_S),
      LATE_GRACE_S: String(LATE_GRACE_S),
      PAYMENT_GRACE_S: '1',
      LATE_POLL_MS: '500',
    });
    await network.allowDirectUse('dfsp1', 'alice');
  });

  afterEach(async () => {
    expect(await network.violations()).toEqual([]);
  });

  afterAll(() => network.close());

  const toBob = async (destinationAmount: string): Promise<Setup> => {
    const receiver = network.url('spsp-server', 'dfsp2', `/v1/receivers/${BOB}`);
    const body = { receiver, destinationAmount, sourceAccount: 'alice', sourceIdentifier: ALICE };
    // Who was away a moment ago may not be connected to everybody yet.
    return eventually(
      async () => {
        const answer = await network.ask('spsp-client-proxy', 'dfsp1', 'POST /spsp/client/v1/setup', { body });
        expect([answer.status, answer.text]).toEqual([201, answer.text]);
        return answer.body;
      },
      { timeoutMs: LATEST_MS, intervalMs: 100 },
    );
  };

  /** Prepares T1 as the payer without anybody's help, and waits until T3 is, too; nobody there fulfils it yet. */
  async function prepareAll(setup: Setup): Promise<void> {
    const { id, sourceAmount: amount, additionalHeaders: ilp, condition, expiresAt } = setup;
    const answer = await network.ask('ledger-adapter', 'dfsp1', `PUT /ilp/ledger/v1/transfers/${id}`, {
      auth: 'alice:alice',
      body: {
        debits: [{ account: 'alice', amount, authorized: true }],
        credits: [{ account: 'dfsp1-testconnector', amount, memo: { ilp } }],
        execution_condition: condition,
        expires_at: expiresAt,
      },
    });
    expect([answer.status, answer.text]).toEqual([201, answer.text]);
    await untilState('dfsp2', id!, 'prepared');
  }

  const transferOf = async (dfsp: DfspName | null, id: string): Promise<Answer['body']> =>
    (await network.transfer(dfsp, id)).body;

  const untilState = (dfsp: DfspName | null, id: string, state: string): Promise<Answer['body']> =>
    eventually(
      async () => {
        const transfer = await transferOf(dfsp, id);
        expect(transfer.state).toBe(state);
        return transfer;
      },
      { timeoutMs: LATEST_MS, intervalMs: 20 },
    );

  const untilTimeIsOver = (setup: Setup): Promise<void> =>
    eventually(() => expect(Date.now()).toBeGreaterThan(Date.parse(setup['expiresAt']!) + 200), {
      timeoutMs: LATEST_MS,
      intervalMs: 50,
    });

  /** How much every account has more or less after `work`, in cents; those that are as before are left out. */
  async function movedBy(work: () => Promise<unknown>): Promise<Record<string, number>> {
    const before = await network.balances();
    await work();
    const after = await network.balances();
    const moved = Object.keys(after).map(
      (name) => [name, Math.round(Number(after[name]) * 100 - Number(before[name]) * 100)] as const,
    );
    return Object.fromEntries(moved.filter(([, amount]) => amount !== 0));
  }

  const paid = (amount: number): Record<string, number> => ({
    alice: -amount,
    connector1: amount,
    central1: -amount,
    central2: amount,
    connector2: -amount,
    bob: amount,
  });

  it.each([
    ['central ledger', 'central-ledger', null],
    ["payee's connector", 'ilp-connector', 'dfsp2'],
  ] as const)(
    'because the %s was away when T3 was executed, until all times were over? T2 and T1 are executed late.',
    async (_, role, dfsp) => {
      const setup = await toBob('1.04');
      const id = setup['id']!;
      const moved = await movedBy(async () => {
        await network.running.restart('spsp-server', 'dfsp2', async () => {
          await prepareAll(setup);
          await network.running.role(role, dfsp).close();
        });
        await untilState('dfsp2', id, 'executed');
        await untilTimeIsOver(setup);
        expect(await transferOf('dfsp1', id)).toMatchObject({ state: 'prepared' });
        await network.running.restart(role, dfsp);
        for (const ledger of [null, 'dfsp1'] as const) {
          const { timeline, expires_at } = await untilState(ledger, id, 'executed');
          expect(Date.parse(timeline.executed_at)).toBeGreaterThan(Date.parse(expires_at));
        }
      });
      expect(moved).toEqual(paid(104));
    },
  );

  it.each(['ilp-connector', 'dfsp-ledger'] as const)(
    "because the payer's %s was down when T2 was executed? T1 is executed late, and nobody loses money.",
    async (role) => {
      const setup = await toBob('1.01');
      const id = setup['id']!;
      const moved = await movedBy(async () => {
        await network.running.restart('spsp-server', 'dfsp2', async () => {
          await prepareAll(setup);
          await network.running.role(role, 'dfsp1').close();
        });
        await untilState(null, id, 'executed');
        await untilTimeIsOver(setup);
        await network.running.restart(role, 'dfsp1');
        const { timeline, expires_at } = await untilState('dfsp1', id, 'executed');
        expect(Date.parse(timeline.executed_at)).toBeGreaterThan(Date.parse(expires_at));
      });
      expect(moved).toEqual(paid(101));
    },
  );

  it('and T2 has expired, too? The payer has the money back right after, and not when the grace is over.', async () => {
    const setup = await toBob('1.02');
    const moved = await movedBy(async () => {
      await network.running.restart('spsp-server', 'dfsp2', async () => {
        await prepareAll(setup);
        await untilExpired(setup);
      });
    });
    expect(moved).toEqual({});
  });

  it("and T2 expired while the payer's connector was down? It gives the money back when it is there again.", async () => {
    const setup = await toBob('1.03');
    const moved = await movedBy(async () => {
      await network.running.restart('spsp-server', 'dfsp2', async () => {
        await prepareAll(setup);
        await network.running.restart('ilp-connector', 'dfsp1', async () => {
          await untilState(null, setup['id']!, 'rejected');
          await untilTimeIsOver(setup);
          expect(await transferOf('dfsp1', setup['id']!)).toMatchObject({ state: 'prepared' });
        });
        await untilExpired(setup);
      });
    });
    expect(moved).toEqual({});
  });

  /** Waits until T1 is rejected as expired, after its time and before its grace is over. */
  async function untilExpired(setup: Setup): Promise<void> {
    const { timeline, expires_at, rejection_reason } = await untilState('dfsp1', setup['id']!, 'rejected');
    expect(rejection_reason).toBe('expired');
    expect(await transferOf(null, setup['id']!)).toMatchObject({ state: 'rejected', rejection_reason: 'expired' });
    const lateMs = Date.parse(timeline.rejected_at) - Date.parse(expires_at);
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThan(LATE_GRACE_S * 1_000);
  }
});
