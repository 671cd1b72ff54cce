import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { randomInt } from 'node:crypto';
import { invoice, invoiceOfBob, pay, pending } from '../support/people.js';
import { held } from '../support/quoting.js';
import { type Answer, TestNetwork } from '../support/test-network.js';

type Dfsp = 'dfsp1' | 'dfsp2';

interface Person {
  number: string;
  account: string;
  dfsp: Dfsp;
}

const PEOPLE: Person[] = [
  { number: '78956562', account: 'alice', dfsp: 'dfsp1' },
  { number: '92806391', account: 'erin', dfsp: 'dfsp1' },
  { number: '78956563', account: 'carol', dfsp: 'dfsp2' },
  { number: '30754016', account: 'frank', dfsp: 'dfsp2' },
];
const PAYMENTS = 60;
const LANES = 6;
/** What rules that have a credit spare the payee. */
const CREDIT = '0.33';
/** Rounds, has bounds, and differs by type and side. */
const RULES = [
  {
    name: 'p2p out',
    kind: 'fee',
    side: 'debit',
    transferType: 'p2p',
    percent: '1.37',
    minValue: '0.05',
    maxValue: '3',
  },
  {
    name: 'p2p in',
    kind: 'fee',
    side: 'credit',
    transferType: 'p2p',
    percent: '2.5',
    minValue: '0.1',
    payerFeeCredit: CREDIT,
  },
  { name: 'invoice out', kind: 'fee', side: 'debit', transferType: 'invoice', minValue: '0.33' },
  { name: 'invoice in', kind: 'fee', side: 'credit', transferType: 'invoice', percent: '3', payerFeeCredit: CREDIT },
  { name: 'cash out in', kind: 'fee', side: 'credit', transferType: 'cashOut', percent: '0.5' },
  { name: 'cash out commission', kind: 'commission', side: 'credit', transferType: 'cashOut', percent: '1' },
];

function pick<T>(items: readonly T[]): T {
  return items[randomInt(items.length)]!;
}

/**
 * Many payments of every kind at once, some of which fail: in the end everybody has exactly what the quotes that were
 * paid say, and nothing else has moved.
 */

describe('a random day of payments', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
    for (const dfsp of ['dfsp1', 'dfsp2'] as const) {
      const answer = await network.ask('dfsp-api', dfsp, 'PUT /v1/feeRules', {
        auth: 'admin:admin',
        body: { rules: RULES },
      });
      expect([answer.status, answer.text]).toEqual([200, answer.text]);
    }
  });

  afterAll(async () => {
    await network.close();
  });

  const cents = (text: string): number => Math.round(Number(text) * 100);
  const name = ({ dfsp, account }: Person): string => `${dfsp} ${account}`;

  async function books(): Promise<Record<string, number>> {
    const all: Record<string, number> = {};
    for (const [role, dfsp, path] of [
      ['dfsp-ledger', 'dfsp1', '/ledger'],
      ['central-ledger', null, ''],
      ['dfsp-ledger', 'dfsp2', '/ledger'],
    ] as const) {
      const { body } = await network.ask(role, dfsp, `GET ${path}/accounts`, { auth: 'admin:admin' });
      for (const account of body) all[`${dfsp ?? 'centre'} ${account.name}`] = cents(account.balance);
    }
    return all;
  }

  it('ends with what was quoted, to the cent', async () => {
    const expected = await books();
    const add = (account: string, amount: number): void => {
      expected[account] = (expected[account] ?? 0) + amount;
    };
    const outcomes: string[] = [];

    /** What the books have to say of one payment, by its two quotes. */
    async function book(payer: Person, payee: Person, paymentId: string): Promise<void> {
      const read = async (dfsp: Dfsp, side: string) =>
        (await network.ask('dfsp-api', dfsp, `GET /v1/quotes/${paymentId}?side=${side}`)).body;
      // The payee's DFSP hears of it a moment later.
      const [debit, credit] = await eventually(async () => {
        const sides = [await read(payer.dfsp, 'debit'), await read(payee.dfsp, 'credit')];
        expect(sides.map(({ status }) => status)).toEqual(['used', 'used']);
        return sides;
      });
      const fee = cents(debit.fees.amount);
      const credited = credit.transferType === 'cashOut' ? 0 : cents(CREDIT);
      const charged = Math.max(cents(credit.payeeFee.amount) - credited, 0);
      const received = cents(credit.receiveAmount.amount);
      add(name(payer), -(received + charged + fee));
      add(name(payee), received);
      add(`${payer.dfsp} fees`, fee);
      add(`${payee.dfsp} fees`, charged);
      add(`${payee.dfsp} commission`, -cents(credit.payeeCommission.amount));
      add(`${payee.dfsp} agent-commission`, cents(credit.payeeCommission.amount));
      if (payer.dfsp === payee.dfsp) return;
      add(`${payer.dfsp} ${payer.dfsp}-testconnector`, received + charged);
      add(`centre ${payer.dfsp}`, -(received + charged));
      add(`centre ${payee.dfsp}`, received + charged);
      add(`${payee.dfsp} ${payee.dfsp}-testconnector`, -(received + charged));
    }

    async function payToNumber(): Promise<void> {
      const payer = pick(PEOPLE);
      const payee = pick(PEOPLE.filter((one) => one !== payer));
      const quoted = await network.ask('dfsp-api', payer.dfsp, 'POST /v1/quote', {
        body: {
          amount: (randomInt(1, 40_000) / 100).toFixed(2),
          amountType: pick(['SEND', 'RECEIVE']),
          transferType: pick(['p2p', 'cashOut', 'cashIn']),
          destinationIdentifier: payee.number,
          sourceAccount: payer.account,
          sourceIdentifier: payer.number,
        },
      });
      if (quoted.status !== 201) return void outcomes.push(`no quote: ${quoted.body.id}`);
      const { paymentId } = quoted.body;
      const paid: Answer = await network.ask('dfsp-api', payer.dfsp, 'POST /v1/transfer', { body: { paymentId } });
      outcomes.push(paid.body.status ?? paid.body.id);
      if (paid.body.status === 'executed') await book(payer, payee, paymentId);
    }

    async function payAnInvoice(): Promise<void> {
      const alice = PEOPLE[0]!;
      const info = `Invoice ${randomInt(1e9)}`;
      await invoice(network, invoiceOfBob({ amount: (randomInt(1, 5_000) / 100).toFixed(2), info }));
      const listed = await eventually(
        async () =>
          (await pending(network)).find((one) => one.info === info) ?? Promise.reject(new Error('not listed')),
        { timeoutMs: 60_000, intervalMs: 50 },
      );
      const path = `GET /v1/invoiceNotifications/${listed.invoiceNotificationId}`;
      const shown = (await network.ask('dfsp-api', 'dfsp1', path)).body;
      const paid = await pay(network, listed.invoiceNotificationId);
      outcomes.push(paid.body.status ?? paid.body.id);
      if (paid.body.status !== 'paid') return;
      expect(cents(shown.total)).toBe(cents(shown.amount) + cents(shown.fee));
      await book(alice, { number: '26547070', account: 'bob', dfsp: 'dfsp2' }, shown.paymentId);
    }

    let begun = 0;
    const lane = async (): Promise<void> => {
      while (begun < PAYMENTS) {
        begun += 1;
        await (randomInt(4) === 0 ? payAnInvoice() : payToNumber());
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));

    await eventually(async () => expect(await held(network)).toEqual([]));
    expect(await books()).toEqual(expected);
    const allowed = new Set(['executed', 'paid', 'InsufficientFundsError', 'no quote: UnprocessableEntityError']);
    expect(outcomes.filter((outcome) => !allowed.has(outcome))).toEqual([]);
    expect(outcomes.filter((outcome) => outcome === 'executed' || outcome === 'paid').length).toBeGreaterThan(
      PAYMENTS / 4,
    );
  });

  it('goes on after the DFSP API was restarted in the middle of a list: each row is paid once', async () => {
    const rows = Array.from({ length: 24 }, (_, index) => ({ identifier: '78956563', amount: `1.${10 + index}` }));
    const at = (request: string, body?: object) =>
      network.ask('dfsp-api', 'dfsp1', request, body === undefined ? {} : { body });
    await network.bringTo('dfsp1', 'alice', '1000.00');
    const before = await books();
    const created = await at('POST /v1/bulkPayments', { sourceIdentifier: '78956562', sourceAccount: 'alice', rows });
    const path = `/v1/bulkPayments/${created.body.bulkPaymentId}`;
    const until = (check: (bulk: any) => boolean) =>
      eventually(
        async () => {
          const { body } = await at(`GET ${path}`);
          expect(check(body)).toBe(true);
          return body;
        },
        { timeoutMs: 60_000, intervalMs: 20 },
      );
    await until((bulk) => bulk.progress?.checked?.rows >= 3);
    await network.running.restart('dfsp-api', 'dfsp1');
    await until((bulk) => bulk.status === 'checked');
    await at(`PUT ${path}/execute`);
    await until((bulk) => bulk.progress?.paid?.rows >= 3);
    await network.running.restart('dfsp-api', 'dfsp1');
    const done = await until((bulk) => bulk.status === 'done');
    expect(done.progress.paid.rows).toBe(rows.length);
    const after = await books();
    const total = rows.reduce((sum, { amount }) => sum + cents(amount), 0);
    expect(after['dfsp1 alice']! - before['dfsp1 alice']!).toBe(-total);
    expect(after['dfsp2 carol']! - before['dfsp2 carol']!).toBe(total);
    expect(await held(network)).toEqual([]);
  });
});
