import type { RoleName } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { caseOf, type ConformanceCase } from '../cases/conformance-case.js';
import { NotConforming } from '../cases/not-conforming.js';
import { ALICE, BOB, type NetworkUnderTest } from './network-under-test.js';

const PAY = 'PUT /v1/invoiceNotifications/pay';
const ISSUE = 'POST /v1/merchantInvoice';
const QUOTE = 'POST /v1/quote';
const TRANSFER = 'POST /v1/transfer';
const PAYMENT_PAGE = 'flows/payment.md';
const INVOICES = 'contract/invoices.md#s2.2';

/** Real payments of a network. @param place where the system stands: its role and DFSP; undefined if that is not told */
export function endToEndCases(
  network: NetworkUnderTest,
  place: { role: RoleName; dfsp: string } | undefined,
): ConformanceCase[] {
  return [
    caseOf('GET /v1/client/{userNumber}', 'the merchant finds the customer by number', 'flows/lookup.md', async () => {
      const path = { userNumber: ALICE.number };
      (await network.api('dfsp2', 'GET /v1/client/{userNumber}', 'the number of Alice', { path })).mustBe({
        status: 200,
      });
    }),
    caseOf('GET /v1/client/{userNumber}', 'a number that nobody has is 404', 'flows/lookup.md', async () => {
      const path = { userNumber: '99999999' };
      const answer = await network.api('dfsp2', 'GET /v1/client/{userNumber}', 'a number that nobody has', { path });
      answer.mustBe({ status: 404 });
    }),
    ...invoiceCases(network, place),
    ...refusedCases(network),
    ...quoteCases(network),
    caseOf('GET /ledger/invariants', 'afterwards the books of all ledgers fit', 'ledger.md', () =>
      network.booksMustFit(),
    ),
  ];
}

function invoiceCases(
  network: NetworkUnderTest,
  place: { role: RoleName; dfsp: string } | undefined,
): ConformanceCase[] {
  return [
    ...['10.40', '0.01'].map((amount) =>
      caseOf(
        PAY,
        `an invoice of ${amount} is paid: all ledgers move exactly that, and it is paid at its issuer`,
        PAYMENT_PAGE,
        async () => {
          const before = await network.balances();
          const { invoiceId, invoiceNotificationId } = await network.notifiedInvoice(amount);
          const answer = (await network.pay(invoiceNotificationId, `the payment of an invoice of ${amount}`)).mustBe({
            status: 200,
          });
          if (answer.json.status !== 'paid')
            answer.failWith(`was answered with the status ${answer.json.status}; must be paid`);
          await network.mustHaveMoved(before, BigInt(amount.replace('.', '')), PAY, `the payment of ${amount}`);
          await network.invoiceMustBecome(invoiceId, 'paid');
          if (place) await mustHavePassed(network, place, answer.headers.get('l1p-trace-id') ?? '');
        },
      ),
    ),
    caseOf(PAY, 'an invoice that is paid twice at once moves money once', INVOICES, async () => {
      const before = await network.balances();
      const { invoiceId, invoiceNotificationId } = await network.notifiedInvoice('2.00');
      const what = 'one of two payments of an invoice at once';
      const answers = await Promise.all([1, 2].map(() => network.pay(invoiceNotificationId, what)));
      for (const answer of answers) answer.mustBe({ status: [200, 422] });
      await network.invoiceMustBecome(invoiceId, 'paid');
      await network.mustHaveMoved(before, 200n, PAY, 'two payments of one invoice at once');
      (await network.pay(invoiceNotificationId, 'the payment of a paid invoice')).mustBe({ status: [200, 422] });
      await network.mustHaveMoved(before, 200n, PAY, 'the payment of a paid invoice');
    }),
    caseOf(
      ISSUE,
      'the same invoice again is the same, and with other content 422 AlreadyExistsError',
      INVOICES,
      async () => {
        const invoiceId = randomUUID();
        const first = await network.issue({ invoiceId, amount: '1.00' });
        (await network.issue({ invoiceId, amount: '1.00' }, 'the same invoice again')).mustEqual(
          first,
          'as the first time',
        );
        const body = {
          account: BOB.account,
          amount: '1.01',
          identifier: ALICE.number,
          merchantIdentifier: BOB.number,
          invoiceId,
        };
        const other = await network.api('dfsp2', ISSUE, 'the same invoiceId with other content', { body });
        other.mustBe({ status: 422, id: 'AlreadyExistsError' });
        const path = { invoiceId };
        (await network.api('dfsp2', 'PUT /v1/invoices/{invoiceId}/cancel', 'an invoice', { path })).mustBe({
          status: 200,
        });
      },
    ),
  ];
}

/** A payment that did not pass the system says nothing about it. @throws NotConforming */
async function mustHavePassed(
  network: NetworkUnderTest,
  { role, dfsp }: { role: RoleName; dfsp: string },
  trace: string,
): Promise<void> {
  const hops = await network.hopsTo(role, dfsp, trace);
  if (hops.length > 0) return;
  throw new NotConforming(
    `${PAY}: no hop of the payment ${trace} came to ${dfsp}/${role}; the network must be started without that instance, and call the system in its place`,
  );
}

function refusedCases(network: NetworkUnderTest): ConformanceCase[] {
  return [
    caseOf(
      PAY,
      'more than the customer has is 422 InsufficientFundsError, moves nothing and leaves the invoice unpaid',
      INVOICES,
      async () => {
        const before = await network.balances();
        const { invoiceId, invoiceNotificationId } = await network.notifiedInvoice('90000.00');
        const answer = await network.pay(invoiceNotificationId, 'the payment of more than the customer has');
        answer.mustBe({ status: 422, id: 'InsufficientFundsError' });
        await network.mustHaveMoved(before, 0n, PAY, 'a payment of more than the customer has');
        await network.invoiceMustBecome(invoiceId, 'unpaid');
        const path = { invoiceId };
        (await network.api('dfsp2', 'PUT /v1/invoices/{invoiceId}/cancel', 'an unpaid invoice', { path })).mustBe({
          status: 200,
        });
      },
    ),
    caseOf(
      'PUT /v1/invoiceNotifications/reject',
      'an invoice that the customer rejects is rejected at its issuer',
      'flows/rejection.md',
      async () => {
        const before = await network.balances();
        const { invoiceId, invoiceNotificationId } = await network.notifiedInvoice('4.00');
        const route = 'PUT /v1/invoiceNotifications/reject';
        (await network.api('dfsp1', route, 'the rejection of an invoice', { body: { invoiceNotificationId } })).mustBe({
          status: 200,
        });
        await network.invoiceMustBecome(invoiceId, 'rejected');
        await network.mustHaveMoved(before, 0n, route, 'the rejection of an invoice');
      },
    ),
    caseOf(
      'PUT /v1/invoices/{invoiceId}/cancel',
      'an invoice that the merchant cancels cannot be paid any more',
      INVOICES,
      async () => {
        const before = await network.balances();
        const { invoiceId, invoiceNotificationId } = await network.notifiedInvoice('5.00');
        const route = 'PUT /v1/invoices/{invoiceId}/cancel';
        (await network.api('dfsp2', route, 'an unpaid invoice', { path: { invoiceId } })).mustBe({ status: 200 });
        (await network.pay(invoiceNotificationId, 'the payment of a cancelled invoice')).mustBe({ status: [404, 422] });
        await network.mustHaveMoved(before, 0n, route, 'the payment of a cancelled invoice');
      },
    ),
  ];
}

function quoteCases(network: NetworkUnderTest): ConformanceCase[] {
  const order = {
    amount: '3.00',
    amountType: 'SEND',
    destinationIdentifier: BOB.number,
    sourceAccount: ALICE.account,
    sourceIdentifier: ALICE.number,
  };
  return [
    caseOf(
      TRANSFER,
      'a payment to a number has the price that was quoted, and moves exactly that',
      'flows/quote.md',
      async () => {
        const before = await network.balances();
        const quote = (await network.api('dfsp1', QUOTE, 'a quote of 3.00 from Alice to Bob', { body: order })).mustBe({
          status: 201,
        });
        const { paymentId } = quote.json as { paymentId: string };
        (await network.api('dfsp1', TRANSFER, 'the payment of a quote', { body: { paymentId } })).mustBe({
          status: 200,
        });
        await network.mustHaveMoved(before, 300n, TRANSFER, 'the payment of a quote of 3.00');
        (await network.api('dfsp1', TRANSFER, 'the payment of the same quote again', { body: { paymentId } })).mustBe({
          status: [200, 422],
        });
        await network.mustHaveMoved(before, 300n, TRANSFER, 'the payment of the same quote again');
      },
    ),
    caseOf(QUOTE, 'a quote to a number that nobody has is 404', 'flows/quote.md', async () => {
      const body = { ...order, destinationIdentifier: '99999999' };
      (await network.api('dfsp1', QUOTE, 'a quote to a number that nobody has', { body })).mustBe({ status: 404 });
    }),
  ];
}
