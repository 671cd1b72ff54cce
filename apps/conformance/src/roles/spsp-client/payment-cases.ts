import type { FakePeerCall } from '@level-one/testing/peers';
import { caseOf, type ConformanceCase } from '../../cases/conformance-case.js';
import { NotConforming } from '../../cases/not-conforming.js';
import { mustBeSigned } from '../../common/signed-calls.js';
import { refusal } from '../../played/play-role.js';
import { until } from '../../played/until.js';
import type { Answer } from '../../system/answer.js';
import type { SystemRequest } from '../../system/system-under-test.js';
import {
  CONNECTOR,
  CONNECTOR_QUOTE,
  type Fate,
  type PlayedSurroundings,
  REJECTION,
  SERVER,
} from './played-surroundings.js';
import { payIprRequest, payRequest, setupRequest } from './spsp-client-uses.js';

const PAY = 'POST /v1/transfers/{id}';
const SETUP = 'POST /v1/setup';
const PREPARE = 'contract/setup.md#row-26';
const ENDS = 'contract/setup.md#row-43';

/** What an SPSP client does when it sets up and pays. */
export function paymentCases(around: PlayedSurroundings): ConformanceCase[] {
  return [
    ...setupCases(around),
    ...transferCases(around),
    ...endCases(around),
    ...refusedCases(around),
    ...lostCases(around),
  ];
}

function setupCases(around: PlayedSurroundings): ConformanceCase[] {
  const { context } = around;
  const setUpWith = (what: string, changes: Record<string, unknown>): Promise<Answer> =>
    around.server.instead(
      SERVER.setup,
      (call) => around.reply(call, changes),
      () => context.system.ask(SETUP, what, setupRequest(around)),
    );
  const unusable: readonly [what: string, changes: Record<string, unknown>][] = [
    ['whose amount is not that of its packet', { amount: '10.39', destinationAmount: '10.39' }],
    ['whose address is not that of its packet', { address: 'levelone.other.eve.token' }],
    ['without a condition that can be read', { condition: 'none', execution_condition: 'none' }],
    ['without a packet that can be read', { additionalHeaders: 'none', additional_headers: 'none' }],
  ];
  return [
    caseOf(
      SETUP,
      "the payee's SPSP server is asked with terms and payer, signed by the DFSP's key",
      'security.md#signatures',
      async () => {
        const request = setupRequest(around);
        (await context.system.ask(SETUP, 'a valid request', request)).mustBe({ status: 201 });
        const { paymentId } = request.body as { paymentId: string };
        const call = around.server.callsTo(SERVER.setup).find(({ body }) => body.paymentId === paymentId);
        if (!call)
          throw new NotConforming(`${SETUP}: the payee's SPSP server was not asked; must be asked ${SERVER.setup}`);
        for (const [name, value] of Object.entries({
          receiver: around.receiver,
          amount: '10.40',
          senderIdentifier: '78956562',
        })) {
          if (call.body[name] === value) continue;
          throw new NotConforming(
            `${SETUP}: the payee's SPSP server was asked with ${name} ${JSON.stringify(call.body[name])}; must be ${JSON.stringify(value)}`,
          );
        }
        await mustBeSigned(context, SETUP, call);
      },
    ),
    ...unusable.map(([what, changes]) =>
      caseOf(SETUP, `an answer of the payee ${what} is 502`, 'contract/setup.md#row-19', async () => {
        const answer = await setUpWith(`a set-up that the payee answers with one ${what}`, changes);
        answer.mustBe({ status: 502, id: 'ExternalError' });
      }),
    ),
    caseOf(SETUP, 'no URL is called that no DFSP has registered', 'contract/lookup.md#ruling-2', async () => {
      const before = around.context.peers.calls.length;
      const stranger = `${context.peersUrl}/stranger/v1/receivers/1`;
      const answer = await context.system.ask(
        SETUP,
        'a receiver beside the registered URL',
        setupRequest(around, { receiver: stranger }),
      );
      answer.mustBe({ status: 404, id: 'InvalidReceiverIdError' });
      const called = around.context.peers.calls.slice(before).find(({ route }) => route.includes('/stranger/'));
      if (called) answer.failWith(`led to the call ${called.route}; must call nobody`);
    }),
  ];
}

function transferCases(around: PlayedSurroundings): ConformanceCase[] {
  const { context, ledger } = around;
  return [
    caseOf(PAY, 'the transfer debits the payer and credits the connector, as it was set up', PREPARE, async () => {
      const request = await payRequest(around);
      const { expiresAt } = request.body as Record<string, string>;
      const answer = context.system.ask(PAY, 'a valid request', request);
      // Judged as soon as it is there: a client whose transfer never ends may answer late.
      const prepared = until(() => ledger.sentTo(request.id, '')[0], context, '').catch(() => undefined);
      if (await Promise.race([prepared, answer.then(() => undefined)])) mustBePrepared(around, request.id, expiresAt);
      (await answer).mustBe({ status: 201 });
      mustBePrepared(around, request.id, expiresAt);
    }),
    caseOf(
      PAY,
      'the connector is asked the rate before the transfer is prepared',
      'contract/setup.md#row-25',
      async () => {
        const request = await payRequest(around);
        const before = around.connector.callsTo(CONNECTOR_QUOTE).length;
        (await context.system.ask(PAY, 'a valid request', request)).mustBe({ status: 201 });
        const quote = around.connector.callsTo(CONNECTOR_QUOTE)[before];
        if (quote?.query['destination_address'] === 'levelone.other.bob.token') return;
        throw new NotConforming(
          `${PAY}: the connector was asked ${JSON.stringify(quote?.query)}; must be asked for the address of the set-up`,
        );
      },
    ),
    caseOf(
      PAY,
      'a rate that is worse by now is 422 UnacceptableRateError, and nothing is prepared',
      'contract/cases.md#n44',
      async () => {
        const request = await payRequest(around);
        const dear = (call: FakePeerCall) => around.rate(call, { source_amount: '10.41' });
        const answer = await around.connector.instead(CONNECTOR_QUOTE, dear, () =>
          context.system.ask(PAY, 'a payment whose rate is worse by now', request),
        );
        answer.mustBe({ status: 422, id: 'UnacceptableRateError' });
        mustNotBePrepared(around, answer, request.id);
      },
    ),
    caseOf(
      'POST /v1/payIPR',
      'the transfer of a payment request lasts as long as it says',
      'contract/setup.md#s2.5',
      async () => {
        const request = payIprRequest(around);
        const before = Date.now();
        (await context.system.ask('POST /v1/payIPR', 'a valid request', request)).mustBe({ status: 200 });
        mustBePrepared(around, request.id);
        const { expires_at: expiresAt } = ledger.transfers.get(request.id)!;
        const lasts = new Date(expiresAt!).getTime() - before;
        if (lasts >= 9_000 && lasts <= 10_000 + 60_000 * context.slack) return;
        throw new NotConforming(
          `POST /v1/payIPR: the transfer lasts ${lasts} ms; must last sourceExpiryDuration, 10 s`,
        );
      },
    ),
    caseOf(PAY, 'two equal payments at once, and one later, are one transfer', 'contract/cases.md#n52', async () => {
      const request = await payRequest(around);
      const what = 'one of two equal payments at once';
      const answers = await Promise.all([1, 2].map(() => context.system.ask(PAY, what, request)));
      for (const answer of answers) answer.mustBe({ status: [200, 201] });
      (await context.system.ask(PAY, 'the same payment later', request)).mustBe({ status: 200 });
      const contents = new Set(ledger.sentTo(request.id, '').map(({ body }) => JSON.stringify(body)));
      if (contents.size !== 1)
        answers[0]!.failWith(`was sent to the ledger with ${contents.size} different contents; must be with one`);
    }),
  ];
}

/** The transfer at the ledger. @throws NotConforming unless it is the one that was set up */
function mustBePrepared(around: PlayedSurroundings, id: string, expiresAt?: string): void {
  const [sent] = around.ledger.sentTo(id, '');
  if (!sent) throw new NotConforming(`${PAY}: nothing was prepared at the ledger; must be PUT …/transfers/{id}`);
  const { debits, credits, execution_condition: condition, expires_at: expires } = sent.body;
  const promise = around.promises.get(id)!;
  const seen = {
    'the debited account': [debits?.[0]?.account, around.ledger.accountUri('alice')],
    'the debited amount': [debits?.[0]?.amount, '10.40'],
    'authorized of the debit': [debits?.[0]?.authorized, true],
    'the credited account': [credits?.[0]?.account, around.ledger.accountUri(CONNECTOR)],
    'the credited amount': [credits?.[0]?.amount, '10.40'],
    'the ILP packet of the credit': [credits?.[0]?.memo?.ilp, promise.packet],
    'the condition': [condition, promise.condition],
    ...(expiresAt !== undefined && { 'the expiry': [expires, expiresAt] }),
  };
  for (const [name, [is, must]] of Object.entries(seen)) {
    if (is === must) continue;
    throw new NotConforming(
      `${PAY}: ${name} of the transfer is ${JSON.stringify(is)}; must be ${JSON.stringify(must)}`,
    );
  }
}

function mustNotBePrepared({ ledger }: PlayedSurroundings, answer: Answer, id: string): void {
  if (ledger.sentTo(id, '').length > 0) answer.failWith('was prepared at the ledger all the same; must not be');
}

function endCases(around: PlayedSurroundings): ConformanceCase[] {
  const { context } = around;
  const payWith = async (fate: Fate): Promise<{ answer: Answer; id: string }> => {
    const request = await payRequest(around);
    around.decide(request.id, fate);
    return { answer: await context.system.ask(PAY, `a payment whose transfer is ${fate}`, request), id: request.id };
  };
  const mustBeStatus = (answer: Answer, wanted: string): void => {
    if (answer.json.status !== wanted)
      answer.failWith(`was answered the status ${answer.json.status}; must be ${wanted}`);
  };
  return [
    caseOf(PAY, 'an executed transfer is an executed payment, with its fulfillment', ENDS, async () => {
      const { answer, id } = await payWith('executed');
      mustBeStatus(answer.mustBe({ status: 201 }), 'executed');
      const { fulfillment } = around.promises.get(id)!;
      if (answer.json.fulfillment !== fulfillment)
        answer.failWith(
          `was answered the fulfillment ${answer.json.fulfillment}; must be ${fulfillment}, as submitted`,
        );
    }),
    caseOf(
      PAY,
      "a rejected transfer is a rejected payment, with the payee's reason",
      'contract/setup.md#r4',
      async () => {
        const { answer } = await payWith('rejected');
        mustBeStatus(answer.mustBe({ status: 201 }), 'rejected');
        const { code, message } = answer.json.rejectionMessage ?? {};
        if (code !== REJECTION.code || message !== REJECTION.message)
          answer.failWith(
            `was answered the rejectionMessage ${JSON.stringify(answer.json.rejectionMessage)}; must be the payee's`,
          );
      },
    ),
    caseOf(PAY, 'an expired transfer is an expired payment', 'contract/setup.md#r5', async () => {
      mustBeStatus((await payWith('expired')).answer.mustBe({ status: 201 }), 'expired');
    }),
    caseOf(PAY, 'a payment is executed when the ledger says so, and not before', ENDS, async () => {
      const request = await payRequest(around);
      around.decide(request.id, 'open');
      const paying = context.system.ask(PAY, 'a payment whose transfer is executed later', request);
      await untilPrepared(around, request.id);
      const read = { as: 'spsp-client-proxy', path: { id: request.id } };
      const before = await context.system.ask(
        'GET /v1/payments/{id}',
        'a payment whose transfer is only prepared',
        read,
      );
      mustBeStatus(before.mustBe({ status: 200 }), 'pending');
      around.execute(request.id);
      mustBeStatus((await paying).mustBe({ status: 201 }), 'executed');
    }),
  ];
}

async function untilPrepared({ ledger, context }: PlayedSurroundings, id: string): Promise<void> {
  await until(() => ledger.transfers.has(id), context, `${PAY}: a payment was not prepared at the ledger; must be`);
}

function refusedCases(around: PlayedSurroundings): ConformanceCase[] {
  const { context, ledger } = around;
  const put = ledger.route('PUT /transfers/{id}');
  return [
    caseOf(
      PAY,
      'what the ledger refuses is refused with its id, and stays refused',
      'contract/cases.md#n80a',
      async () => {
        const request = await payRequest(around);
        const poor = () => refusal(422, 'InsufficientFundsError', 'Sender has insufficient funds.');
        const what = 'a payment whose transfer the ledger refuses';
        const refused = { status: 422, id: 'InsufficientFundsError' };
        (await ledger.instead(put, poor, () => context.system.ask(PAY, what, request))).mustBe(refused);
        (await context.system.ask(PAY, 'a payment that the ledger has refused before', request)).mustBe(refused);
      },
    ),
    caseOf(PAY, 'missing rights at the ledger are no fault of the payer: 502', 'contract/errors.md#s6.2', async () => {
      const request: SystemRequest = await payRequest(around);
      const forbidden = () => refusal(403, 'UnauthorizedError', 'Invalid attempt to authorize debit');
      const what = 'a payment for which the role has no rights at the ledger';
      const answer = await ledger.instead(put, forbidden, () => context.system.ask(PAY, what, request));
      answer.mustBe({ status: 502, id: 'ExternalError' });
    }),
  ];
}

function lostCases(around: PlayedSurroundings): ConformanceCase[] {
  const { context, ledger } = around;
  const put = ledger.route('PUT /transfers/{id}');
  return [
    caseOf(PAY, 'a ledger that fails once is sent the same transfer again', 'contract/cases.md#n52', async () => {
      const request = await payRequest(around);
      const busy = () => refusal(503, 'ServiceUnavailableError', 'Try again shortly');
      const paying = ledger.instead(put, busy, async () => {
        const answer = context.system.ask(PAY, 'a payment while the ledger fails for a moment', request);
        await until(() => ledger.sentTo(request.id, '')[0], context, `${PAY}: nothing was sent to the ledger`);
        return { answer };
      });
      const answer = (await (await paying).answer).mustBe({ status: 201 });
      if (answer.json.status !== 'executed')
        answer.failWith(`was answered the status ${answer.json.status}; must be executed`);
    }),
    caseOf(PAY, 'an end that comes while the websocket is broken is made up for', 'contract/cases.md#n53', async () => {
      await ledger.untilSubscribed();
      const request = await payRequest(around);
      around.decide(request.id, 'open');
      const paying = context.system.ask(PAY, 'a payment that ends while the websocket is broken', request);
      await untilPrepared(around, request.id);
      ledger.breakWebsocket();
      around.execute(request.id);
      const answer = (await paying).mustBe({ status: 201 });
      if (answer.json.status !== 'executed')
        answer.failWith(`was answered the status ${answer.json.status}; must be executed`);
    }),
  ];
}
