import { randomUUID } from 'node:crypto';
import type { ConformanceCase } from '../../cases/conformance-case.js';
import { commonCases } from '../../common/common-cases.js';
import { neighbourCases } from '../../neighbours/neighbour-cases.js';
import { roleCases } from '../../common/role-cases.js';
import type { RoleSuite, SuiteContext } from '../../common/role-suite.js';
import type { RouteUse } from '../../common/route-use.js';
import { PlayedLedger } from '../../played/played-ledger.js';
import { PlayedRole, refusal } from '../../played/play-role.js';
import type { SystemRequest } from '../../system/system-under-test.js';
import { KNOWN } from '../spsp-backend/played-dfsp-api.js';
import { ECHOED, invoiceUrlCases, invoiceUses, withBody } from '../payer-side/invoice-uses.js';
import { CLIENT, OUTSIDE, playSpspClient } from '../payer-side/played-spsp-client.js';

const BASE = '/spsp/client/v1';
const AS = 'dfsp-api';
const ADAPTER_QUOTE = 'POST /scheme/adapter/v1/quotes';
const UNKNOWN_ID = '5b0d1f5e-0000-4000-8000-000000000000';
const PREPARE = 'contract/setup.md#s2.5';

/** An SPSP client proxy between the runner as its DFSP API and the runner as its SPSP client and scheme adapter. */
export const spspClientProxySuite: RoleSuite = {
  role: 'spsp-client-proxy',
  plays: ['spsp-client', 'scheme-adapter', 'ledger-adapter'],
  casesOf: async (context) => {
    const client = playSpspClient(context);
    const adapter = playSchemeAdapter(context);
    const ledger = new PlayedLedger(context, 'ledger-adapter');
    // Until then its health is not good. A system that does not listen fails in other cases.
    await ledger.untilSubscribed().catch(() => undefined);
    const uses = [...invoiceUses(BASE), ...readUses(), ...payUses(context), quoteUse()];
    return [
      ...roleCases(context, AS),
      ...(await commonCases(context, uses)),
      ...neighbourCases(context, {
        route: `GET ${BASE}/query`,
        request: () => ({ as: AS, query: { receiver: OUTSIDE.receiver } }),
        status: 200,
        neighbour: client,
        asked: CLIENT.query,
        calledBy: 'I.C',
      }),
      ...neighbourCases(context, {
        route: `POST ${BASE}/setup`,
        request: () => setupRequest(),
        status: 201,
        neighbour: client,
        asked: CLIENT.setup,
        calledBy: 'S.A',
      }),
      ...neighbourCases(context, {
        route: `POST ${BASE}/quotes`,
        request: () => quoteRequest(),
        status: 200,
        neighbour: adapter,
        asked: ADAPTER_QUOTE,
        calledBy: 'Q.1',
      }),
      ...invoiceUrlCases(context, client, BASE),
      subscriptionCase(ledger),
    ];
  },
};

function subscriptionCase(ledger: PlayedLedger): ConformanceCase {
  return {
    name: 'the proxy listens for the ends of payments',
    route: 'WS /websocket of the ledger adapter',
    page: 'contract/setup.md#row-43',
    hops: ['V.H'],
    run: () => ledger.untilSubscribed(),
  };
}

function playSchemeAdapter({ peers, system }: SuiteContext): PlayedRole {
  const adapter = new PlayedRole(peers, system.contract, 'scheme-adapter');
  adapter.serve(ADAPTER_QUOTE, ({ body }) => {
    if (body.payee.identifier !== KNOWN.number) return refusal(404, 'UserNotFound', 'No such user');
    const { paymentId, amount } = body;
    const free = { amount: '0', currency: amount.currency };
    const price = { receiveAmount: amount, payeeFee: free, payeeCommission: free };
    const cost = { sourceAmount: amount.amount, sourceExpiryDuration: 10, connectorAccount: 'http://own.example/c' };
    return { json: { paymentId, ...price, ...cost, ipr: 'c29tZSBpcHIgaGVyZQ' } };
  });
  return adapter;
}

function setupRequest(): SystemRequest {
  const body = {
    receiver: OUTSIDE.receiver,
    sourceAccount: 'alice',
    sourceIdentifier: KNOWN.otherNumber,
    destinationAmount: '10.40',
    memo: 'Lunch',
    paymentId: randomUUID(),
  };
  return { as: AS, body };
}

function quoteRequest(): SystemRequest {
  const body = {
    paymentId: randomUUID(),
    payer: { identifier: KNOWN.otherNumber, identifierType: 'eur' },
    payee: { identifier: KNOWN.number, identifierType: 'eur', url: 'http://other.example/scheme/adapter/v1' },
    transferType: 'p2p',
    amountType: 'SEND',
    amount: { amount: '10.4', currency: 'USD' },
  };
  return { as: 'channel', body };
}

function readUses(): RouteUse[] {
  const asked = (query: Record<string, string>) => (request: SystemRequest) => ({ ...request, query });
  const amount = (route: string, member: string, answered: string): RouteUse => ({
    route: `GET ${BASE}/${route}`,
    page: PREPARE,
    as: AS,
    good: () => ({ query: { receiver: OUTSIDE.receiver, [member]: '10.40' } }),
    status: 200,
    holds: (answer) => {
      if (answer.json[answered] !== '10.40')
        answer.failWith(
          `was answered ${answered} ${answer.json[answered]}; must be exactly what the SPSP client answers`,
        );
    },
  });
  return [
    {
      route: `GET ${BASE}/query`,
      page: 'contract/lookup.md#s2.1',
      as: AS,
      good: () => ({ query: { receiver: OUTSIDE.receiver } }),
      status: 200,
      unknown: [
        {
          what: 'an unknown receiver',
          change: asked({ receiver: OUTSIDE.unknownReceiver }),
          status: 404,
          id: 'InvalidReceiverIdError',
        },
        {
          what: 'no receiver',
          change: asked({}),
          status: 400,
          id: ['InvalidUriParameterError', 'InvalidQueryParameterError'],
        },
      ],
    },
    amount('quoteSourceAmount', 'sourceAmount', 'destinationAmount'),
    amount('quoteDestinationAmount', 'destinationAmount', 'sourceAmount'),
  ];
}

function payUses({ system }: SuiteContext): RouteUse[] {
  const payRequest = async (): Promise<SystemRequest & { path: { id: string } }> => {
    const answer = await system.ask(`POST ${BASE}/setup`, 'a valid request', setupRequest());
    const body = answer.mustBe({ status: 201 }).json as { id: string };
    return { as: AS, path: { id: body.id }, body };
  };
  return [
    {
      route: `POST ${BASE}/setup`,
      page: 'contract/setup.md#s2.4',
      as: AS,
      good: setupRequest,
      status: 201,
      lenient: ['memo', 'paymentId', 'destinationAmount'],
      unknown: [
        {
          what: 'a payment to an unknown receiver',
          change: withBody({ receiver: OUTSIDE.unknownReceiver }),
          status: 404,
          id: 'InvalidReceiverIdError',
        },
      ],
    },
    {
      route: `POST ${BASE}/transfers/{id}`,
      page: PREPARE,
      as: AS,
      good: payRequest,
      status: 201,
      repeatedStatus: 200,
      isRepeatable: true,
      uuids: ['id'],
      lenient: ECHOED,
      otherContent: { change: withBody({ sourceAmount: '10.41' }), status: 422, id: 'AlreadyExistsError' },
      holds: (answer, { path }) => {
        if (answer.json.id !== path!['id'] || answer.json.status !== 'executed')
          answer.failWith(`was answered ${answer.text}; must be what the SPSP client answered`);
      },
    },
    {
      route: `GET ${BASE}/payments/{id}`,
      page: 'contract/setup.md#row-23b',
      as: AS,
      good: async () => {
        const request = await payRequest();
        const answer = await system.ask(`POST ${BASE}/transfers/{id}`, 'a valid request', request);
        answer.mustBe({ status: 201 });
        return { path: request.path };
      },
      status: 200,
      uuids: ['id'],
      unknown: [
        {
          what: 'an unknown payment',
          change: (request) => ({ ...request, path: { id: UNKNOWN_ID } }),
          status: 404,
          id: 'NotFoundError',
        },
      ],
    },
  ];
}

function quoteUse(): RouteUse {
  return {
    route: `POST ${BASE}/quotes`,
    page: 'contract/quotes.md#s2.8',
    as: 'channel',
    good: quoteRequest,
    status: 200,
    lenient: ['paymentId', 'amount', 'transferType'],
    unknown: [
      {
        what: 'a quote for an unknown number',
        change: withBody({ payee: { identifier: '1', identifierType: 'eur', url: 'http://other.example/v1' } }),
        status: 404,
        id: 'UserNotFound',
      },
    ],
  };
}
