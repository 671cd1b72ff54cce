import { REJECTION } from '../spsp-client/played-surroundings.js';
import { caseOf, type ConformanceCase } from '../../cases/conformance-case.js';
import { NotConforming } from '../../cases/not-conforming.js';
import { refusal } from '../../played/play-role.js';
import type { Answer } from '../../system/answer.js';
import type { DfspApiRequests } from './dfsp-api-requests.js';
import { ADAPTER, ALICE, PROXY, TRANSFER } from './played-world.js';

const PAY = 'PUT /v1/invoiceNotifications/pay';
const READ = 'GET /v1/invoiceNotifications/{invoiceNotificationId}';
const QUOTE = 'POST /v1/quote';
const SETUP = 'contract/setup.md#s2.4';
const PREPARE = 'contract/setup.md#row-23';
const JUDGED = 'contract/security.md#ruling-25';
const GIVING_UP = 'contract/states.md#ruling-40';

/** What a DFSP API does when its customers pay. */
export function payerCases(requests: DfspApiRequests): ConformanceCase[] {
  return [
    ...orderCases(requests),
    ...refusedCases(requests),
    ...endCases(requests),
    ...notificationCases(requests),
    ...offerCases(requests),
  ];
}

/** Pays a new invoice. */
async function pay(
  requests: DfspApiRequests,
  what: string,
): Promise<{ invoiceUrl: string; notificationId: string; answer: Answer }> {
  const { world } = requests;
  const invoiceUrl = world.newInvoice();
  const request = await requests.pay(invoiceUrl);
  const { invoiceNotificationId } = request.body as { invoiceNotificationId: string };
  const answer = await world.context.system.ask(PAY, what, request);
  return { invoiceUrl, notificationId: invoiceNotificationId, answer };
}

function orderCases(requests: DfspApiRequests): ConformanceCase[] {
  const { world } = requests;
  const setupOf = (invoiceUrl: string) => world.callsOf(world.proxy, PROXY.setup, invoiceUrl);
  return [
    caseOf(
      PAY,
      'the payment is set up with invoice, payer and account, and then paid on those terms',
      SETUP,
      async () => {
        const { invoiceUrl, answer } = await pay(requests, 'the payment of an invoice');
        answer.mustBe({ status: 200 });
        const [setup] = setupOf(invoiceUrl);
        if (!setup)
          throw new NotConforming(`${PAY}: the payment of an invoice was not set up; must ask ${PROXY.setup}`);
        mustSay(setup.body, { sourceIdentifier: ALICE.number, sourceAccount: world.accountUri(ALICE.account) });
        const { paymentId } = setup.body as { paymentId: string };
        const [sent] = world.callsOf(world.proxy, PROXY.pay, paymentId);
        if (!sent) throw new NotConforming(`${PAY}: a payment that was set up was not sent; must ask ${PROXY.pay}`);
        const { condition, packet } = world.promises.get(paymentId)!;
        mustSay(sent.body, { sourceAmount: '10.40', execution_condition: condition, additionalHeaders: packet });
      },
    ),
    caseOf(PAY, 'one of two payments at once is sent', 'contract/cases.md#n37', async () => {
      const invoiceUrl = world.newInvoice();
      const request = await requests.pay(invoiceUrl);
      const what = 'one of two payments of an invoice at once';
      const answers = await Promise.all([1, 2].map(() => world.context.system.ask(PAY, what, request)));
      for (const answer of answers) answer.mustBe({ status: [200, 422] });
      const ids = new Set(setupOf(invoiceUrl).map(({ body }) => String(body.paymentId)));
      const sent = [...ids].filter((id) => world.callsOf(world.proxy, PROXY.pay, id).length > 0);
      if (sent.length !== 1)
        answers[0]!.failWith(`led to ${sent.length} payments (${sent.join(', ')}); must lead to one`);
    }),
    caseOf('POST /v1/transfer', 'a quote that is paid twice is sent once', 'contract/quotes.md#s2.8', async () => {
      const request = await requests.transfer();
      const { paymentId } = request.body as { paymentId: string };
      await requests.send('POST /v1/transfer', request, 201);
      await requests.send('POST /v1/transfer', request, 200);
      const sent = world.callsOf(world.adapter, ADAPTER.pay, paymentId).length;
      if (sent !== 1)
        throw new NotConforming(
          `POST /v1/transfer: a quote that was paid twice was sent ${sent} times; must be sent once`,
        );
    }),
  ];
}

function mustSay(body: Record<string, unknown>, terms: Record<string, string>): void {
  for (const [name, value] of Object.entries(terms)) {
    if (body[name] === value) continue;
    throw new NotConforming(
      `${PAY}: the SPSP client proxy was asked with ${name} ${JSON.stringify(body[name])}; must be ${JSON.stringify(value)}`,
    );
  }
}

function refusedCases(requests: DfspApiRequests): ConformanceCase[] {
  const { world } = requests;
  const mustNotBeSent = (answer: Answer, invoiceUrl: string): void => {
    for (const { body } of world.callsOf(world.proxy, PROXY.setup, invoiceUrl)) {
      if (world.callsOf(world.proxy, PROXY.pay, body.paymentId).length > 0)
        answer.failWith('was sent to the SPSP client proxy all the same; must not be sent');
    }
  };
  return [
    caseOf(
      PAY,
      'more than the account has is 422 InsufficientFundsError, and nothing is sent',
      'contract/cases.md#n34',
      async () => {
        const invoiceUrl = world.newInvoice({ amount: '100.01' });
        const what = 'the payment of more than the customer has';
        const answer = await world.context.system.ask(PAY, what, await requests.pay(invoiceUrl));
        answer.mustBe({ status: 422, id: 'InsufficientFundsError' });
        mustNotBeSent(answer, invoiceUrl);
      },
    ),
    caseOf(
      PAY,
      'what the payee refuses at the set-up is refused with its id, and given up at the ledger',
      GIVING_UP,
      async () => {
        const no = () => refusal(422, 'InvoiceNotPendingError', 'Invoice is not in pending status');
        const what = 'a payment whose set-up is refused';
        const { answer, invoiceUrl } = await world.proxy.instead(PROXY.setup, no, () => pay(requests, what));
        answer.mustBe({ status: 422, id: 'InvoiceNotPendingError' });
        mustNotBeSent(answer, invoiceUrl);
        const [setup] = world.callsOf(world.proxy, PROXY.setup, invoiceUrl);
        if (!world.ledger.isVoid(setup!.body.paymentId))
          answer.failWith(
            `was answered as failed, and its id is not void at the ledger; must ask ${TRANSFER.void} first`,
          );
      },
    ),
    caseOf(PAY, 'a set-up that costs more than the payer was shown is not paid', JUDGED, async () => {
      const dear = (call: Parameters<typeof world.setUp>[0]) => world.setUp(call, { sourceAmount: '10.41' });
      const what = 'a payment whose set-up costs more than the payer was shown';
      const { answer, invoiceUrl } = await world.proxy.instead(PROXY.setup, dear, () => pay(requests, what));
      answer.mustBe({ status: [422, 502] });
      mustNotBeSent(answer, invoiceUrl);
    }),
    caseOf(PAY, 'a set-up whose amount is not that of the invoice is not paid', JUDGED, async () => {
      const other = (call: Parameters<typeof world.setUp>[0]) => world.setUp(call, { destinationAmount: '9.40' });
      const what = 'a payment whose set-up has another amount than the invoice';
      const { answer, invoiceUrl } = await world.proxy.instead(PROXY.setup, other, () => pay(requests, what));
      answer.mustBe({ status: [422, 502] });
      mustNotBeSent(answer, invoiceUrl);
    }),
  ];
}

function endCases(requests: DfspApiRequests): ConformanceCase[] {
  const { world } = requests;
  const idIn = ({ route }: { route: string }): string => route.split('/').at(-1)!;
  const notificationIs = async (id: string, wanted: string, what: string): Promise<void> => {
    const request = { as: 'channel', path: { invoiceNotificationId: id } };
    const answer = (await world.context.system.ask(READ, what, request)).mustBe({ status: 200 });
    if (answer.json.status !== wanted)
      answer.failWith(`was answered with the status ${answer.json.status}; must be ${wanted}`);
  };
  return [
    caseOf(PAY, 'a payment is paid when the own ledger says so, and not before', JUDGED, async () => {
      const lies = (call: Parameters<typeof world.payAndWait>[0]) => {
        const answer = world.payAndWait(call, idIn(call));
        const { fulfillment } = world.promises.get(idIn(call))!;
        return { ...answer, json: { ...(answer.json as object), status: 'executed', fulfillment } };
      };
      const what = 'a payment that is called executed while its transfer is only prepared';
      const { answer } = await world.proxy.instead(PROXY.pay, lies, () => pay(requests, what));
      answer.mustBe({ status: 200 });
      if (answer.json.status === 'paid')
        answer.failWith('was answered as paid; must be pending until the ledger says executed');
    }),
    caseOf(
      PAY,
      'a payment that the payee rejects is refused with its reason, and can be paid again',
      'contract/setup.md#r4',
      async () => {
        const rejects = (call: Parameters<typeof world.payAndReject>[0]) =>
          world.payAndReject(call, idIn(call), REJECTION);
        const what = 'a payment that the payee rejects';
        const { answer, notificationId } = await world.proxy.instead(PROXY.pay, rejects, () => pay(requests, what));
        answer.mustBe({ status: 422, id: 'InvoiceNotPendingError' });
        await notificationIs(notificationId, 'pending', 'the notification of a payment that was rejected');
        const again = { as: 'channel', body: { account: ALICE.account, invoiceNotificationId: notificationId } };
        (await world.context.system.ask(PAY, 'the payment after one that was rejected', again)).mustBe({ status: 200 });
      },
    ),
    caseOf(PAY, 'a payment whose end is not known is no failure', PREPARE, async () => {
      const gone = (call: Parameters<typeof world.payAndWait>[0]) => {
        world.payAndWait(call, idIn(call));
        return { status: 502, json: { id: 'ExternalError', message: 'No answer' } };
      };
      const what = 'a payment that got no answer, and whose transfer is prepared';
      const { answer, notificationId } = await world.proxy.instead(PROXY.pay, gone, () => pay(requests, what));
      answer.mustBe({ status: [200, 502] });
      if (answer.status === 200 && answer.json.status !== 'pending')
        answer.failWith(`was answered ${answer.json.status}; must be pending`);
      const again = { as: 'channel', body: { account: ALICE.account, invoiceNotificationId: notificationId } };
      const second = await world.context.system.ask(PAY, 'the payment of an invoice that is being paid', again);
      second.mustBe({ status: [200, 422] });
      if (second.status === 200 && second.json.status === 'paid') second.failWith('was answered as paid; must not be');
    }),
  ];
}

function notificationCases(requests: DfspApiRequests): ConformanceCase[] {
  const { world } = requests;
  const NOTIFY = 'POST /v1/invoices';
  const ask = (what: string, request: Parameters<typeof world.context.system.ask>[2]) =>
    world.context.system.ask(NOTIFY, what, request);
  return [
    caseOf(
      NOTIFY,
      'an issuer that cannot be read is 503, and nothing is stored',
      'contract/invoices.md#ruling-26',
      async () => {
        const invoiceUrl = world.newInvoice();
        const request = await requests.notify(invoiceUrl);
        const down = () => refusal(502, 'ExternalError', 'No answer');
        const what = 'a notification whose issuer cannot be read';
        const answer = await world.proxy.instead(PROXY.invoice, down, () => ask(what, request));
        answer.mustBe({ status: 503, id: 'ServiceUnavailableError' });
        (await ask('the same notification when the issuer can be read', request)).mustBe({ status: 201 });
      },
    ),
    caseOf(NOTIFY, 'an invoice that is not to be paid any more is 422', 'contract/invoices.md#ruling-26', async () => {
      const request = await requests.notify(world.newInvoice({ status: 'paid' }));
      const answer = await ask('a notification of an invoice that is paid already', request);
      answer.mustBe({ status: 422, id: 'InvoiceNotPendingError' });
    }),
    caseOf(
      NOTIFY,
      'a cancellation counts only when the invoice itself says so',
      'contract/invoices.md#ruling-7',
      async () => {
        const invoiceUrl = world.newInvoice();
        const id = await requests.notified(invoiceUrl);
        const cancel = await requests.notify(invoiceUrl, '{"status":"cancelled"}');
        await ask('a cancellation of an invoice that is not cancelled', cancel);
        const read = { as: 'channel', path: { invoiceNotificationId: id } };
        const forged = (await world.context.system.ask(READ, 'a notification', read)).mustBe({ status: 200 });
        if (forged.json.status !== 'pending')
          forged.failWith(
            `is ${forged.json.status} after a cancellation that its issuer knows nothing of; must be pending`,
          );
        world.changeInvoice(invoiceUrl, { status: 'cancelled' });
        (await ask('a cancellation of a cancelled invoice', cancel)).mustBe({ status: [200, 201] });
        const after = await world.context.system.ask(PAY, 'the payment of a cancelled invoice', {
          as: 'channel',
          body: { account: ALICE.account, invoiceNotificationId: id },
        });
        after.mustBe({ status: 422, id: 'InvoiceNotPendingError' });
      },
    ),
  ];
}

function offerCases(requests: DfspApiRequests): ConformanceCase[] {
  const { world } = requests;
  const page = 'contract/quotes.md#s2.8';
  const wrong: readonly [what: string, changes: Record<string, unknown>][] = [
    [
      'an offer of which the payee would receive more than is sent',
      { receiveAmount: { amount: '10.41', currency: 'USD' } },
    ],
    ['an offer without a payment request that can be read', { ipr: 'c29tZSBpcHIgaGVyZQ' }],
    ['an offer that costs more than what is to be sent', { sourceAmount: '10.4x' }],
  ];
  return wrong.map(([what, changes]) =>
    caseOf(QUOTE, `${what} is 502`, page, async () => {
      const request = await requests.quote();
      const offer = (call: Parameters<typeof world.offer>[0]) => world.offer(call, changes);
      const answer = await world.adapter.instead(ADAPTER.quote, offer, () =>
        world.context.system.ask(QUOTE, `a quote for which comes ${what}`, request),
      );
      answer.mustBe({ status: 502, id: 'ExternalError' });
    }),
  );
}
