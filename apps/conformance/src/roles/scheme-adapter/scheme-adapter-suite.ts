import { randomUUID } from 'node:crypto';
import { caseOf, type ConformanceCase } from '../../cases/conformance-case.js';
import { NotConforming } from '../../cases/not-conforming.js';
import { commonCases } from '../../common/common-cases.js';
import { neighbourCases } from '../../neighbours/neighbour-cases.js';
import { roleCases } from '../../common/role-cases.js';
import type { RoleSuite } from '../../common/role-suite.js';
import { mustBeSigned } from '../../common/signed-calls.js';
import type { RouteUse } from '../../common/route-use.js';
import type { SystemRequest } from '../../system/system-under-test.js';
import { invoiceUrlCases, invoiceUses, withBody } from '../payer-side/invoice-uses.js';
import { CLIENT } from '../payer-side/played-spsp-client.js';
import { UNKNOWN_KEY } from '../spsp-server/played-payee.js';
import { API, CREATE_IPR, PlayedQuoters, QUOTES } from './played-quoters.js';

const BASE = '/scheme/adapter/v1';
const AS = 'dfsp-api';
const PAGE = 'contract/quotes.md#s2.8';
const UNKNOWN_ID = '5b0d1f5e-0000-4000-8000-000000000000';
const NOBODY = { identifier: '99999999', identifierType: 'eur' };

/** A scheme adapter between the runner as its DFSP API and as another DFSP, and the runner as all that it calls. */
export const schemeAdapterSuite: RoleSuite = {
  role: 'scheme-adapter',
  plays: ['dfsp-api', 'spsp-client', 'spsp-server', 'central-directory'],
  casesOf: async (context) => {
    const quoters = new PlayedQuoters(context);
    const uses = [...quoteUses(quoters), ...paymentUses(quoters), ...invoiceUses(BASE)];
    return [
      ...roleCases(context, AS),
      ...(await commonCases(context, uses)),
      ...neighbourCases(context, {
        route: QUOTES,
        request: () => quoters.request(),
        status: 200,
        neighbour: quoters.remote,
        asked: QUOTES,
        calledBy: 'Q.1',
        isCalledOtherwise: true,
      }),
      ...neighbourCases(context, {
        route: `POST ${BASE}/notifications`,
        request: () => newsRequest(quoters),
        status: 200,
        neighbour: quoters.api,
        asked: API.news,
        calledBy: 'row-48',
      }),
      ...neighbourCases(context, {
        route: `GET ${BASE}/invoices`,
        request: () => ({
          as: AS,
          query: { invoiceUrl: 'http://other.example/v1/invoices/8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10' },
        }),
        status: 200,
        neighbour: quoters.client,
        asked: CLIENT.invoice,
        calledBy: 'row-14',
      }),
      ...invoiceUrlCases(context, quoters.client, BASE),
      ...quoteCases(quoters),
    ];
  },
};

async function newsRequest(quoters: PlayedQuoters): Promise<SystemRequest> {
  const request = quoters.foreignRequest();
  (await quoters.context.system.ask(QUOTES, 'a valid request', request)).mustBe({ status: 200 });
  const { paymentId } = request.body as { paymentId: string };
  return {
    as: 'spsp-server',
    body: { paymentId, status: 'prepared', transferId: paymentId, destinationAmount: '10.40' },
  };
}

function quoteUses(quoters: PlayedQuoters): RouteUse[] {
  const lenient = ['transferType', 'paymentId', 'amount', 'payee', 'payer'];
  const incorrect = {
    what: 'an amountType that is neither SEND nor RECEIVE',
    change: withBody({ amountType: 'BOTH' }),
    status: 400,
    id: 'IncorrectAmountTypeError',
  };
  return [
    {
      route: QUOTES,
      title: 'of the own DFSP',
      page: PAGE,
      as: AS,
      good: () => quoters.request(),
      status: 200,
      lenient,
      holds: (answer) => {
        const { sourceAmount, connectorAccount, sourceExpiryDuration, receiveAmount } = answer.json;
        if (Number(sourceAmount) !== 10.4 || sourceExpiryDuration !== 10 || connectorAccount === undefined)
          answer.failWith(`was answered ${answer.text}; must have the cost that the SPSP client answers`);
        if (receiveAmount?.amount !== '10.4')
          answer.failWith(
            `was answered receiveAmount ${receiveAmount?.amount}; must be 10.4, as the payee's DFSP answers`,
          );
      },
      unknown: [
        incorrect,
        {
          what: 'a payee.url that no DFSP has registered',
          change: withBody({ payee: { ...NOBODY, url: 'http://stranger.example/scheme/adapter/v1' } }),
          status: 404,
          id: 'UserNotFound',
        },
        {
          what: 'a payee whom the other DFSP does not know',
          change: withBody({ payee: { ...NOBODY, url: quoters.remoteUrl } }),
          status: 404,
          id: 'UserNotFound',
        },
        { what: 'no payee.url', change: withBody({ payee: NOBODY }), status: 400, id: 'InvalidBodyError' },
      ],
    },
    {
      route: QUOTES,
      title: 'of another DFSP',
      page: PAGE,
      as: null,
      good: () => quoters.foreignRequest(),
      status: 200,
      lenient,
      unknown: [
        incorrect,
        {
          what: 'a quote for an unknown number',
          change: withBody({ payee: NOBODY }),
          status: 404,
          id: 'UserNotFound',
        },
        {
          what: 'a payer of a third DFSP',
          change: withBody({ payer: { ...NOBODY, url: 'http://third.example/scheme/adapter/v1' } }),
          status: 422,
          id: 'UnprocessableEntityError',
        },
      ],
    },
    {
      route: `GET ${BASE}/quotes/{paymentId}`,
      page: PAGE,
      as: 'spsp-client-proxy',
      good: async () => {
        const { body } = await newsRequest(quoters);
        return { path: { paymentId: (body as { paymentId: string }).paymentId } };
      },
      status: 200,
      unknown: [
        {
          what: 'an unknown quote',
          change: (request) => ({ ...request, path: { paymentId: UNKNOWN_ID } }),
          status: 404,
          id: 'QuoteNotFoundError',
        },
      ],
    },
  ];
}

function paymentUses(quoters: PlayedQuoters): RouteUse[] {
  return [
    {
      route: `POST ${BASE}/payments`,
      page: 'contract/quotes.md#row-47',
      as: AS,
      good: () => ({
        body: {
          paymentId: randomUUID(),
          ipr: 'c29tZSBpcHIgaGVyZQ',
          sourceAmount: '10.40',
          sourceAccount: 'http://own.example/accounts/alice',
          connectorAccount: 'http://own.example/accounts/connector',
          sourceExpiryDuration: 10,
        },
      }),
      status: 200,
      isRepeatable: true,
      // The SPSP client judges them.
      lenient: ['paymentId', 'sourceAmount', 'sourceAccount', 'connectorAccount', 'sourceExpiryDuration', 'ipr'],
      otherContent: { change: withBody({ sourceAmount: '10.41' }), status: 422, id: 'AlreadyExistsError' },
    },
    {
      route: `POST ${BASE}/notifications`,
      page: 'contract/quotes.md#row-48',
      as: 'spsp-server',
      good: () => newsRequest(quoters),
      status: 200,
      isRepeatable: true,
      lenient: ['transferId', 'destinationAmount'],
      unknown: [
        {
          what: 'news of a payment without a quote',
          change: withBody({ paymentId: UNKNOWN_ID }),
          status: 404,
          id: 'QuoteNotFoundError',
        },
      ],
    },
  ];
}

function quoteCases(quoters: PlayedQuoters): ConformanceCase[] {
  const { context, remote, api, server } = quoters;
  const { system } = context;
  const one = (name: string, page: string, run: () => Promise<void>): ConformanceCase =>
    caseOf(QUOTES, name, page, run);
  const idOf = ({ body }: SystemRequest): string => (body as { paymentId: string }).paymentId;
  const wrong: readonly [what: string, changes: Record<string, unknown>][] = [
    ['without a payment request that can be read', { ipr: 'c29tZSBpcHIgaGVyZQ' }],
    ['without amounts', { receiveAmount: undefined }],
  ];
  return [
    one("the other DFSP is asked as a scheme adapter, signed by the DFSP's key", 'security.md#signatures', async () => {
      const request = quoters.request();
      (await system.ask(QUOTES, 'a valid request', request)).mustBe({ status: 200 });
      const call = remote.callsTo(QUOTES).find(({ body }) => body.paymentId === idOf(request));
      if (!call)
        throw new NotConforming(`${QUOTES}: the payee's DFSP was not asked; must be asked at its registered URL`);
      if (call.headers['initiator'] !== 'PROXY')
        throw new NotConforming(
          `${QUOTES}: the payee's DFSP was asked without the header initiator: PROXY; must be sent`,
        );
      await mustBeSigned(context, QUOTES, call);
    }),
    ...wrong.map(([what, changes]) =>
      one(`an offer ${what} is 502`, PAGE, async () => {
        const answer = await remote.instead(
          QUOTES,
          (call) => quoters.offer(call, changes),
          () => system.ask(QUOTES, `a quote for which comes an offer ${what}`, quoters.request()),
        );
        answer.mustBe({ status: 502, id: 'ExternalError' });
      }),
    ),
    one('an offer for another payment is 502', PAGE, async () => {
      const answer = await remote.instead(
        QUOTES,
        (call) => quoters.offer({ ...call, body: { ...call.body, paymentId: randomUUID() } }),
        () => system.ask(QUOTES, 'a quote for which comes the offer of another payment', quoters.request()),
      );
      answer.mustBe({ status: 502, id: 'ExternalError' });
    }),
    one(
      'the price of the own DFSP becomes a payment request of its SPSP server',
      'contract/ledger.md#s3.8',
      async () => {
        const request = quoters.foreignRequest();
        (await system.ask(QUOTES, 'a quote of another DFSP', request)).mustBe({ status: 200 });
        const asked = api.callsTo(API.quote).find(({ body }) => body.paymentId === idOf(request));
        if (asked?.headers['l1p-from-dfsp'] !== 'payer')
          throw new NotConforming(
            `${QUOTES}: the DFSP API was told L1p-From-Dfsp ${JSON.stringify(asked?.headers['l1p-from-dfsp'])}; must be "payer", whose key signed`,
          );
        const made = server.callsTo(CREATE_IPR).find(({ body }) => body.paymentId === idOf(request));
        if (Number(made?.body.destinationAmount) === 10.4) return;
        throw new NotConforming(
          `${QUOTES}: the payment request was asked for with ${JSON.stringify(made?.body)}; must be of 10.40, what crosses the network`,
        );
      },
    ),
    one(
      'a quote of another DFSP by an unknown key is 401, and reserves nothing',
      'security.md#signatures',
      async () => {
        const request = { ...quoters.foreignRequest(), signedBy: UNKNOWN_KEY };
        (await system.ask(QUOTES, 'a quote signed by an unknown key', request)).mustBe({ status: 401 });
        if (api.callsTo(API.quote).some(({ body }) => body.paymentId === idOf(request)))
          throw new NotConforming(`${QUOTES}: a quote signed by an unknown key reached the DFSP API; must not`);
      },
    ),
  ];
}
