import type { RouteUse } from '../../common/route-use.js';
import type { SystemRequest } from '../../system/system-under-test.js';
import { type DfspApiRequests, withBody, withPath } from './dfsp-api-requests.js';
import { ALICE, NOBODY } from './played-world.js';

const BACKEND = 'spsp-backend';
const UNKNOWN_ID = '5b0d1f5e-0000-4000-8000-000000000000';
const OTHER_ID = '5b0d1f5e-0000-4000-8000-000000000001';
const SETUP = 'contract/setup.md#s2.4';

/** How the payee's side of a DFSP API is used: by merchants' channels, the SPSP backend and the scheme adapter. */
export function payeeUses(requests: DfspApiRequests): RouteUse[] {
  return [...invoiceUses(requests), ...setupUses(requests), ...newsUses(requests), ...quoteUses(requests)];
}

function invoiceUses(requests: DfspApiRequests): RouteUse[] {
  const unknownInvoice = { what: 'an unknown invoice', status: 404, id: 'InvoiceNotFoundError' };
  return [
    {
      route: 'GET /v1/receivers/{identifier}',
      page: 'contract/lookup.md#s2.1',
      as: BACKEND,
      good: async () => {
        await requests.world.makeKnown();
        return { path: { identifier: ALICE.number } };
      },
      status: 200,
      unknown: [
        { what: 'an unknown number', change: withPath({ identifier: NOBODY }), status: 404, id: 'UserNotFound' },
      ],
    },
    {
      route: 'POST /v1/merchantInvoice',
      page: 'contract/invoices.md#s2.2',
      as: 'channel',
      good: () => requests.issue(),
      status: 201,
      isRepeatable: true,
      lenient: ['identifier', 'invoiceId', 'info'],
      otherContent: { change: withBody({ amount: '10.41' }), status: 422, id: 'AlreadyExistsError' },
      unknown: [
        {
          what: 'an invoice for a number that nobody has',
          change: withBody({ identifier: NOBODY }),
          status: 404,
          id: 'ClientNotFound',
        },
        {
          what: 'an invoice of an unknown merchant',
          change: withBody({ merchantIdentifier: NOBODY }),
          status: 404,
          id: 'MerchantNotFound',
        },
        ...['0', '0.001'].map((amount) => ({
          what: `an invoice of ${amount}`,
          change: withBody({ amount }),
          status: 422,
          id: 'UnprocessableEntityError',
        })),
      ],
    },
    {
      route: 'GET /v1/invoices/{invoiceId}',
      page: 'contract/invoices.md#row-16',
      as: BACKEND,
      good: async () => ({ path: { invoiceId: await requests.issued() } }),
      status: 200,
      holds: (answer) => {
        const { amount, status } = answer.json;
        if (amount === '10.40' && status === 'unpaid') return;
        answer.failWith(`was answered with ${amount}, ${status}; must be 10.40, unpaid`);
      },
      unknown: [{ ...unknownInvoice, change: withPath({ invoiceId: UNKNOWN_ID }) }],
    },
    {
      route: 'PUT /v1/invoices/{invoiceId}/cancel',
      page: 'contract/invoices.md#s2.2',
      as: 'channel',
      good: async () => ({ path: { invoiceId: await requests.issued() } }),
      status: 200,
      unknown: [{ ...unknownInvoice, change: withPath({ invoiceId: UNKNOWN_ID }) }],
    },
  ];
}

function setupUses(requests: DfspApiRequests): RouteUse[] {
  return [
    {
      route: 'POST /v1/setup',
      title: 'to a number',
      page: SETUP,
      as: BACKEND,
      good: () => requests.setUp(),
      status: 201,
      isRepeatable: true,
      lenient: ['memo', 'identifier'],
      otherContent: { change: withBody({ amount: '10.41' }), status: 422, id: 'AlreadyExistsError' },
      holds: (answer, { body }) => {
        const { paymentId, amount } = body as Record<string, string>;
        if (answer.json.id === paymentId && answer.json.destinationAmount === amount) return;
        answer.failWith(`was answered ${answer.text}; must be answered the paymentId and exactly ${amount}`);
      },
      unknown: [
        {
          what: 'a payment to an unknown number',
          change: withBody({ identifier: NOBODY }),
          status: 404,
          id: 'UserNotFound',
        },
      ],
    },
    {
      route: 'POST /v1/setup',
      title: 'of an invoice',
      page: SETUP,
      as: BACKEND,
      good: async () => requests.setUpInvoice(await requests.issued()),
      status: 201,
      isRepeatable: true,
      lenient: ['memo', 'invoiceId', 'senderIdentifier', 'paymentId'],
      unknown: [
        {
          what: 'a payment of an unknown invoice',
          change: withBody({ invoiceId: UNKNOWN_ID }),
          status: 404,
          id: 'InvoiceNotFoundError',
        },
        {
          what: 'the payment of an invoice by somebody else',
          change: withBody({ senderIdentifier: '11111111' }),
          status: 422,
          id: 'InvoicePayerMissmatchError',
        },
      ],
    },
  ];
}

/** News of a payment that was never set up, of an invoice that is not there. */
function newsOfUnknown(request: SystemRequest): SystemRequest {
  const ids = { transferId: OTHER_ID, paymentid: OTHER_ID, invoiceId: UNKNOWN_ID };
  return withPath({ invoiceId: UNKNOWN_ID, paymentId: OTHER_ID })(withBody(ids)(request));
}

function newsUses(requests: DfspApiRequests): RouteUse[] {
  return [
    {
      route: 'PUT /v1/receivers/invoices/{invoiceId}/payments/{paymentId}',
      page: 'contract/setup.md#row-35',
      as: BACKEND,
      good: () => requests.news(),
      status: 200,
      isRepeatable: true,
      uuids: ['paymentId'],
      lenient: ['memo', 'senderIdentifier', 'invoiceId'],
      unknown: [
        {
          what: 'news of an unknown invoice',
          change: newsOfUnknown,
          status: 404,
          id: 'InvoiceNotFoundError',
        },
        {
          what: 'news whose paymentid is not the one in the path',
          change: withBody({ paymentid: UNKNOWN_ID }),
          status: 400,
          id: 'InvalidBodyError',
        },
        {
          what: 'news of another amount',
          change: withBody({ destinationAmount: '10.41' }),
          status: 422,
          id: 'UnprocessableEntityError',
        },
      ],
    },
    {
      route: 'PUT /v1/payments/{paymentId}',
      page: 'contract/quotes.md#row-48',
      as: 'scheme-adapter',
      good: () => requests.quotedNews(),
      status: 200,
      isRepeatable: true,
      uuids: ['paymentId'],
      lenient: ['destinationAccount', 'destinationAmount', 'transferId'],
      unknown: [
        {
          what: 'news of a payment without a quote',
          change: (request) => withPath({ paymentId: UNKNOWN_ID })(withBody({ transferId: UNKNOWN_ID })(request)),
          status: 404,
          id: 'QuoteNotFoundError',
        },
        {
          what: 'news of another amount than the quoted one',
          change: withBody({ destinationAmount: '10.41' }),
          status: 422,
          id: 'QuoteMismatchError',
        },
      ],
    },
  ];
}

function quoteUses(requests: DfspApiRequests): RouteUse[] {
  const page = 'contract/quotes.md#s2.8';
  return [
    {
      route: 'POST /v1/quotes',
      page,
      as: 'scheme-adapter',
      good: () => requests.reserve(),
      status: 200,
      isRepeatable: true,
      lenient: ['transferType', 'paymentId', 'amount'],
      otherContent: {
        change: withBody({ amount: { amount: '10.41', currency: 'USD' } }),
        status: 422,
        id: 'QuoteMismatchError',
      },
      unknown: [
        {
          what: 'a quote for an unknown number',
          change: withBody({ payee: { identifier: NOBODY, identifierType: 'eur' } }),
          status: 404,
          id: 'UserNotFound',
        },
        {
          what: 'an amountType that is neither SEND nor RECEIVE',
          change: withBody({ amountType: 'BOTH' }),
          status: 400,
          id: 'IncorrectAmountTypeError',
        },
      ],
    },
    {
      route: 'GET /v1/quotes/{paymentId}',
      page,
      as: 'scheme-adapter',
      good: async () => {
        const request = await requests.reserve();
        await requests.send('POST /v1/quotes', request, 200);
        return { path: { paymentId: (request.body as { paymentId: string }).paymentId } };
      },
      status: 200,
      uuids: ['paymentId'],
      unknown: [
        {
          what: 'an unknown quote',
          change: withPath({ paymentId: UNKNOWN_ID }),
          status: 404,
          id: 'QuoteNotFoundError',
        },
      ],
    },
  ];
}
