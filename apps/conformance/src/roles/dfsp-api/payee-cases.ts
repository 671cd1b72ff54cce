import { caseOf, type ConformanceCase } from '../../cases/conformance-case.js';
import { NotConforming } from '../../cases/not-conforming.js';
import { refusal } from '../../played/play-role.js';
import { until } from '../../played/until.js';
import type { SystemRequest } from '../../system/system-under-test.js';
import type { DfspApiRequests } from './dfsp-api-requests.js';
import { ALICE, PROXY } from './played-world.js';

const NEWS = 'PUT /v1/receivers/invoices/{invoiceId}/payments/{paymentId}';
const INVOICE = 'GET /v1/invoices/{invoiceId}';
const ISSUE = 'POST /v1/merchantInvoice';
const SETUP = 'POST /v1/setup';
const JUDGED = 'contract/security.md#ruling-25';
const STATES = 'contract/states.md#s4.1';

/** What a DFSP API does when its customers are paid. */
export function payeeCases(requests: DfspApiRequests): ConformanceCase[] {
  return [...newsCases(requests), ...reservedCases(requests), ...quotedCases(requests), ...sentCases(requests)];
}

interface SetUpInvoice {
  invoiceId: string;
  paymentId: string;
}

async function setUpInvoice(requests: DfspApiRequests): Promise<SetUpInvoice> {
  const invoiceId = await requests.issued();
  const request = await requests.setUpInvoice(invoiceId);
  await requests.send(SETUP, request, 201);
  return { invoiceId, paymentId: (request.body as { paymentId: string }).paymentId };
}

async function invoiceMustBe(
  requests: DfspApiRequests,
  invoiceId: string,
  wanted: string,
  what: string,
): Promise<void> {
  const request = { as: 'spsp-backend', path: { invoiceId } };
  const answer = (await requests.world.context.system.ask(INVOICE, what, request)).mustBe({ status: 200 });
  if (answer.json.status !== wanted)
    answer.failWith(`was answered with the status ${answer.json.status}; must be ${wanted}`);
}

function newsCases(requests: DfspApiRequests): ConformanceCase[] {
  const { world } = requests;
  const tell = ({ invoiceId, paymentId }: SetUpInvoice, status: string, what: string) =>
    world.context.system.ask(NEWS, what, requests.newsOf(invoiceId, paymentId, status));
  const refused = { status: 422, id: 'UnprocessableEntityError' };
  return [
    caseOf(NEWS, 'a payment that the ledger has not prepared is not approved', JUDGED, async () => {
      const payment = await setUpInvoice(requests);
      const what = 'news of a payment of which the ledger has no transfer';
      (await tell(payment, 'prepared', what)).mustBe(refused);
    }),
    caseOf(NEWS, 'a transfer of another amount at the ledger is not approved', JUDGED, async () => {
      const payment = await setUpInvoice(requests);
      world.prepareIncoming(payment.paymentId, '10.39');
      const what = 'news of a payment whose transfer has another amount at the ledger';
      (await tell(payment, 'prepared', what)).mustBe(refused);
    }),
    caseOf(NEWS, "a transfer to somebody else's account is not approved", JUDGED, async () => {
      const payment = await setUpInvoice(requests);
      world.prepareIncoming(payment.paymentId, '10.40', ALICE.account);
      const what = 'news of a payment whose transfer credits another account';
      (await tell(payment, 'prepared', what)).mustBe(refused);
    }),
    caseOf(NEWS, 'an invoice is paid when the ledger says so, and not before', JUDGED, async () => {
      const payment = await setUpInvoice(requests);
      world.prepareIncoming(payment.paymentId);
      (await tell(payment, 'prepared', 'news of a prepared payment')).mustBe({ status: 200 });
      const what = 'news that a payment is executed whose transfer is only prepared';
      (await tell(payment, 'executed', what)).mustBe(refused);
      await invoiceMustBe(requests, payment.invoiceId, 'unpaid', 'an invoice whose payment is only prepared');
      world.ledger.end(payment.paymentId, 'executed');
      (await tell(payment, 'executed', 'news of an executed payment')).mustBe({ status: 200 });
      await invoiceMustBe(requests, payment.invoiceId, 'paid', 'an invoice whose payment was executed');
      (await tell(payment, 'executed', 'the same news again')).mustBe({ status: 200 });
    }),
    caseOf(NEWS, 'a ledger that cannot be read is 503, and nothing changes', JUDGED, async () => {
      const payment = await setUpInvoice(requests);
      world.prepareIncoming(payment.paymentId);
      const down = () => refusal(503, 'ServiceUnavailableError', 'Try again shortly');
      const read = world.ledger.route('GET /transfers/{id}');
      const what = 'news of a payment while the ledger cannot be read';
      const answer = await world.ledger.instead(read, down, () => tell(payment, 'prepared', what));
      answer.mustBe({ status: 503, id: 'ServiceUnavailableError' });
      (await tell(payment, 'prepared', 'news of a prepared payment')).mustBe({ status: 200 });
    }),
  ];
}

function reservedCases(requests: DfspApiRequests): ConformanceCase[] {
  const { world } = requests;
  return [
    caseOf(SETUP, 'an invoice that is being paid cannot be set up by another payment', STATES, async () => {
      const { invoiceId } = await setUpInvoice(requests);
      const what = 'a second payment of an invoice that is being paid';
      const answer = await world.context.system.ask(SETUP, what, await requests.setUpInvoice(invoiceId));
      answer.mustBe({ status: 422, id: 'InvoiceNotPendingError' });
    }),
    caseOf(SETUP, 'an invoice whose payment was rejected can be paid again', STATES, async () => {
      const { invoiceId, paymentId } = await setUpInvoice(requests);
      world.prepareIncoming(paymentId);
      world.ledger.end(paymentId, 'rejected', { rejection_reason: 'no' });
      await requests.send(NEWS, requests.newsOf(invoiceId, paymentId, 'rejected'), 200);
      const what = 'a payment after one that was rejected';
      (await world.context.system.ask(SETUP, what, await requests.setUpInvoice(invoiceId))).mustBe({ status: 201 });
    }),
    caseOf(SETUP, 'a cancelled invoice cannot be set up', STATES, async () => {
      const invoiceId = await requests.issued();
      await requests.send('PUT /v1/invoices/{invoiceId}/cancel', { as: 'channel', path: { invoiceId } }, 200);
      const what = 'the payment of a cancelled invoice';
      const answer = await world.context.system.ask(SETUP, what, await requests.setUpInvoice(invoiceId));
      answer.mustBe({ status: 422, id: 'InvoiceNotPendingError' });
    }),
  ];
}

function quotedCases(requests: DfspApiRequests): ConformanceCase[] {
  const { world } = requests;
  const route = 'PUT /v1/payments/{paymentId}';
  const reserved = async (): Promise<string> => {
    const request: SystemRequest = await requests.reserve();
    await requests.send('POST /v1/quotes', request, 200);
    return (request.body as { paymentId: string }).paymentId;
  };
  return [
    caseOf(
      route,
      'a quoted payment that the ledger has with another amount is 422 QuoteMismatchError',
      JUDGED,
      async () => {
        const paymentId = await reserved();
        world.prepareIncoming(paymentId, '10.39');
        const what = 'news of a quoted payment whose transfer has another amount at the ledger';
        const answer = await world.context.system.ask(route, what, requests.quotedNewsOf(paymentId, 'prepared'));
        answer.mustBe({ status: 422, id: 'QuoteMismatchError' });
      },
    ),
    caseOf(route, 'a quote is used when its transfer is executed', 'contract/states.md#s4.3', async () => {
      const paymentId = await reserved();
      world.prepareIncoming(paymentId);
      await requests.send(route, requests.quotedNewsOf(paymentId, 'prepared'), 200);
      world.ledger.end(paymentId, 'executed');
      await requests.send(route, requests.quotedNewsOf(paymentId, 'executed'), 200);
      const read = { as: 'scheme-adapter', path: { paymentId } };
      const answer = await world.context.system.ask('GET /v1/quotes/{paymentId}', 'a quote that was paid', read);
      if (answer.mustBe({ status: 200 }).json.status !== 'used')
        answer.failWith(`was answered with the status ${answer.json.status}; must be used`);
    }),
  ];
}

function sentCases(requests: DfspApiRequests): ConformanceCase[] {
  const { world } = requests;
  const sent = (invoiceId: string) => world.callsOf(world.proxy, PROXY.notify, invoiceId);
  return [
    caseOf(ISSUE, "the customer's DFSP is notified of the invoice", 'contract/invoices.md#row-9', async () => {
      const invoiceId = await requests.issued();
      const { body } = await until(
        () => sent(invoiceId)[0],
        world.context,
        `${ISSUE}: the customer's DFSP was not notified of a new invoice; must ask ${PROXY.notify}`,
      );
      for (const [name, value] of Object.entries({
        submissionUrl: `${world.ownServer}/invoices`,
        senderIdentifier: ALICE.number,
        memo: 'Lunch',
      })) {
        if (body[name] === value) continue;
        throw new NotConforming(
          `${ISSUE}: the notification was sent with ${name} ${JSON.stringify(body[name])}; must be ${JSON.stringify(value)}`,
        );
      }
    }),
    caseOf(
      ISSUE,
      'a notification that does not arrive undoes no invoice, and is sent again',
      'contract/invoices.md#s2.3',
      async () => {
        const down = () => refusal(502, 'ExternalError', 'No answer');
        const invoiceId = await world.proxy.instead(PROXY.notify, down, async () => {
          const issued = await requests.issued();
          await until(() => sent(issued)[0], world.context, `${ISSUE}: a notification was not sent; must be sent`);
          return issued;
        });
        const before = sent(invoiceId).length;
        await until(
          () => sent(invoiceId).length > before,
          world.context,
          `${ISSUE}: a notification that did not arrive was not sent again; must be sent until it arrives`,
        );
        await invoiceMustBe(requests, invoiceId, 'unpaid', 'an invoice whose notification did not arrive at first');
      },
    ),
    caseOf('PUT /v1/invoices/{invoiceId}/cancel', "a cancellation is told to the customer's DFSP", STATES, async () => {
      const invoiceId = await requests.issued();
      await requests.send('PUT /v1/invoices/{invoiceId}/cancel', { as: 'channel', path: { invoiceId } }, 200);
      await until(
        () => sent(invoiceId).some(({ body }) => /"status":\s*"cancelled"/.test(String(body.memo))),
        world.context,
        `PUT /v1/invoices/{invoiceId}/cancel: the customer's DFSP was not told; must be sent the memo {"status":"cancelled"}`,
      );
    }),
  ];
}
