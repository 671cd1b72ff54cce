import { randomUUID } from 'node:crypto';
import type { RouteUse } from '../../common/route-use.js';
import type { SystemRequest } from '../../system/system-under-test.js';
import { INVOICE, KNOWN, PAID_INVOICE, UNKNOWN } from './played-dfsp-api.js';

const AS = 'spsp-server';

function withBody(changes: Record<string, unknown>) {
  return (request: SystemRequest): SystemRequest => ({ ...request, body: { ...(request.body as object), ...changes } });
}

function setUpToNumber(): SystemRequest {
  const body = { identifier: KNOWN.number, senderIdentifier: KNOWN.otherNumber, amount: '10.40', memo: 'Lunch' };
  return { body: { ...body, paymentId: randomUUID() } };
}

function news(target: Record<string, string>): SystemRequest {
  const paymentId = randomUUID();
  const body = { status: 'prepared', transferId: paymentId, paymentid: paymentId, senderIdentifier: KNOWN.otherNumber };
  return { path: { ...target, paymentId }, body: { ...body, destinationAmount: '10.40' } };
}

/** How an SPSP server uses its backend. */
export const SPSP_BACKEND_USES: readonly RouteUse[] = [
  {
    route: 'GET /spsp/backend/v1/receivers/{identifier}',
    page: 'contract/lookup.md#s2.1',
    as: AS,
    good: () => ({ path: { identifier: KNOWN.number } }),
    status: 200,
    holds: (answer) => {
      const url: unknown = answer.json.paymentsUrl;
      if (typeof url === 'string' && url.endsWith(`/spsp/backend/v1/receivers/${KNOWN.number}/payments`)) return;
      answer.failWith(
        `was answered ${url === undefined ? 'without `paymentsUrl`' : `\`paymentsUrl\` ${JSON.stringify(url)}`}; must add ` +
          'the URL for news of payments, …/spsp/backend/v1/receivers/{identifier}/payments',
      );
    },
    unknown: [
      { what: 'an unknown number', change: () => at({ identifier: UNKNOWN.number }), status: 404, id: 'UserNotFound' },
    ],
  },
  {
    route: 'POST /spsp/backend/v1/invoices',
    page: 'contract/invoices.md#s2.3',
    as: AS,
    good: () => ({ body: { invoiceUrl: KNOWN.invoiceUrl, senderIdentifier: KNOWN.otherNumber, memo: 'Lunch' } }),
    status: 201,
    isRepeatable: true,
    unknown: [
      {
        what: 'an invoice for an unknown number',
        change: withBody({ senderIdentifier: UNKNOWN.number }),
        status: 404,
        id: 'UserNotFound',
      },
    ],
  },
  {
    route: 'GET /spsp/backend/v1/invoices/{invoiceId}',
    page: 'contract/invoices.md#s2.3',
    as: AS,
    good: () => ({ path: { invoiceId: KNOWN.invoiceId } }),
    status: 200,
    holds: (answer) => {
      if (answer.json.amount === INVOICE.amount) return;
      answer.failWith(
        `was answered the amount ${JSON.stringify(answer.json.amount)}; must be answered "${INVOICE.amount}", as the DFSP has it`,
      );
    },
    unknown: [
      {
        what: 'an unknown invoice',
        change: () => at({ invoiceId: UNKNOWN.invoiceId }),
        status: 404,
        id: 'InvoiceNotFoundError',
      },
    ],
  },
  {
    route: 'POST /spsp/backend/v1/setup',
    title: 'to a number',
    page: 'contract/setup.md#s2.4',
    as: AS,
    good: setUpToNumber,
    status: 201,
    isRepeatable: true,
    // Only a payment to a number has them; without them it is another request.
    lenient: ['memo'],
    holds: (answer, { body }) => {
      const { paymentId, amount } = body as Record<string, string>;
      if (answer.json.id !== paymentId)
        answer.failWith(`was answered the id ${answer.json.id}; must be answered the paymentId`);
      if (answer.json.destinationAmount !== amount) {
        answer.failWith(`was answered the amount ${answer.json.destinationAmount}; must be answered exactly ${amount}`);
      }
    },
    otherContent: { change: withBody({ amount: '10.41' }), status: 422, id: 'AlreadyExistsError' },
    unknown: [
      {
        what: 'a payment to an unknown number',
        change: withBody({ identifier: UNKNOWN.number }),
        status: 404,
        id: 'UserNotFound',
      },
    ],
  },
  {
    route: 'POST /spsp/backend/v1/setup',
    title: 'of an invoice',
    page: 'contract/setup.md#s2.4',
    as: AS,
    good: () => ({
      body: { invoiceId: KNOWN.invoiceId, senderIdentifier: KNOWN.otherNumber, paymentId: randomUUID() },
    }),
    status: 201,
    isRepeatable: true,
    lenient: ['senderIdentifier', 'paymentId'],
    unknown: [
      {
        what: 'a payment of an unknown invoice',
        change: withBody({ invoiceId: UNKNOWN.invoiceId }),
        status: 404,
        id: 'InvoiceNotFoundError',
      },
    ],
  },
  {
    route: 'PUT /spsp/backend/v1/invoices/{invoiceId}/payments/{paymentId}',
    page: 'contract/setup.md#row-34',
    as: AS,
    good: () => news({ invoiceId: KNOWN.invoiceId }),
    status: 200,
    isRepeatable: true,
    uuids: ['paymentId'],
    unknown: [
      {
        what: 'news of an unknown invoice',
        change: withPath({ invoiceId: UNKNOWN.invoiceId }),
        status: 404,
        id: 'InvoiceNotFoundError',
      },
      {
        what: 'news of a payment for an invoice that is no longer pending',
        change: withPath({ invoiceId: PAID_INVOICE }),
        status: 422,
        id: 'InvoiceNotPendingError',
      },
      {
        what: 'news whose paymentid is not the one in the path',
        change: withBody({ paymentid: '5b0d1f5e-0000-4000-8000-000000000000' }),
        status: 400,
        id: 'InvalidBodyError',
      },
    ],
  },
  {
    route: 'PUT /spsp/backend/v1/receivers/{payee}/payments/{paymentId}',
    page: 'contract/setup.md#row-34',
    as: AS,
    good: () => news({ payee: KNOWN.number }),
    status: 200,
    isRepeatable: true,
    uuids: ['paymentId'],
    unknown: [
      {
        what: 'news of a payment that the DFSP does not know',
        change: withPath({ payee: UNKNOWN.number }),
        status: 404,
        id: 'NotFoundError',
      },
    ],
  },
];

function at(path: Record<string, string>): SystemRequest {
  return { as: AS, path };
}

function withPath(path: Record<string, string>) {
  return (request: SystemRequest): SystemRequest => ({ ...request, path: { ...request.path, ...path } });
}
