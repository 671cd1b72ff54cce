import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { CountingPostgres, type PaymentCost } from '../support/counting-postgres.js';
import { invoice, pay, pending } from '../support/people.js';
import { channelQuote, transfer } from '../support/quoting.js';
import { demoSecrets } from '../../src/plan/secrets.js';
import { TestNetwork } from '../support/test-network.js';

/** What a payment may cost over all roles and ledgers. */
interface Budget {
  statements: number;
  writeTransactions: number;
}

/** The aim is 35 statements. */
const STATEMENTS_OF_QUOTED = 25;
/** With payments of others beside it: then it shares commits with them. */
const QUOTED_PAYMENT: Budget = { statements: STATEMENTS_OF_QUOTED, writeTransactions: 14 };
/** Some writes share a commit with those of payments within a second; here payments may be further apart. */
const QUOTED_PAYMENT_ALONE: Budget = { statements: STATEMENTS_OF_QUOTED, writeTransactions: 17 };
/** From issue to paid: issued, noticed and looked at by the payer, paid. The aim is 45 and 18, with others beside it. */
const INVOICE_ALONE: Budget = { statements: 41, writeTransactions: 21 };

const PAYMENTS = 20;
const PAYMENTS_AT_ONCE = 8;
const WARM_UP = 5;
/** Longer than the pauses of what roles do by themselves every second. */
const IDLE_MS = 5_000;
/** As long as the settings allow: what idle roles do now and then is not part of a payment. */
const IDLE_TIMES = { HEARTBEAT_S: '3600', LATE_POLL_MS: '60000', REQUEST_WRITTEN_AFTER_MS: '10000' };

/** The cost where it is above the budget, with its statements. */
function excessOf(cost: PaymentCost, budget: Budget): string {
  const { statementCount, writeTransactions, statements } = cost;
  if (statementCount <= budget.statements && writeTransactions <= budget.writeTransactions) return '';
  return [
    `${statementCount} statements of ${budget.statements}, ${writeTransactions} write transactions of ${budget.writeTransactions}`,
    ...statements.map(({ text, calls }) => `${calls} × ${text.replaceAll(/\s+/g, ' ')}`),
  ].join('\n');
}

describe('the statements and write transactions of a payment are within their budgets', () => {
  let postgres: CountingPostgres;
  let network: TestNetwork;

  beforeAll(async () => {
    postgres = await CountingPostgres.start();
    network = await TestNetwork.start(IDLE_TIMES, [], demoSecrets(), {}, postgres.url);
    for (let payment = 0; payment < WARM_UP; payment++) {
      await quotedPayment();
      await invoiceFromIssueToPaid();
    }
    await postgres.noteIdleStatements(IDLE_MS);
  });

  afterAll(async () => {
    await network.close();
    await postgres.stop();
  });

  /** Erin pays Frank at a quoted price: both DFSPs book their fees. */
  async function quotedPayment(): Promise<void> {
    const quote = await channelQuote(network, { amount: '2' });
    const paid = await transfer(network, quote.body.paymentId);
    expect(paid).toMatchObject({ status: 201, body: { status: 'executed' } });
  }

  async function invoiceFromIssueToPaid(): Promise<void> {
    expect(await invoice(network, { amount: '1.00' })).toMatchObject({ status: 201 });
    // On a busy machine the notice may take a second attempt.
    const notificationId = await eventually(async () => (await pending(network))[0]!.invoiceNotificationId, {
      timeoutMs: 60_000,
      intervalMs: 250,
    });
    const seen = await network.ask('dfsp-api', 'dfsp1', `GET /v1/invoiceNotifications/${notificationId}`);
    expect(seen).toMatchObject({ status: 200, body: { amount: '1.00' } });
    expect(await pay(network, notificationId)).toMatchObject({ status: 200, body: { status: 'paid' } });
  }

  it('a quoted payment', async () => {
    const cost = await postgres.costOf(PAYMENTS_AT_ONCE * 5, quotedPayment, { atOnce: PAYMENTS_AT_ONCE });
    expect(excessOf(cost, QUOTED_PAYMENT)).toBe('');
  });

  it('a quoted payment without others', async () => {
    expect(excessOf(await postgres.costOf(PAYMENTS, quotedPayment), QUOTED_PAYMENT_ALONE)).toBe('');
  });

  it('an invoice from issue to paid without others', async () => {
    expect(excessOf(await postgres.costOf(PAYMENTS, invoiceFromIssueToPaid), INVOICE_ALONE)).toBe('');
  });
});
