import { randomUUID } from 'node:crypto';
import type { RouteUse } from '../../common/route-use.js';
import type { SystemRequest, SystemUnderTest } from '../../system/system-under-test.js';
import { type InvoicesOfTest, KNOWN, UNKNOWN } from './played-dfsp-api.js';

const AS = 'spsp-server';

function withBody(changes: Record<string, unknown>) {
  return (request: SystemRequest): SystemRequest => ({ ...request, body: { ...(request.body as object), ...changes } });
}

function setUpToNumber(): SystemRequest {
  const body = { identifier: KNOWN.number, senderIdentifier: KNOWN.otherNumber, amount: '10.40', memo: 'Lunch' };
  return { body: { ...body, paymentId: randomUUID() } };
}

/**
 * How an SPSP server uses its backend. A payment is set up before there is news of it.
 * @param invoices ids of an unpaid invoice, and of one that is paid
 */
export function spspBackendUses(system: SystemUnderTest, invoices: InvoicesOfTest): RouteUse[] {
  const news = async (target: Record<string, string>, terms: Record<string, string>): Promise<SystemRequest> => {
    const paymentId = randomUUID();
    const setup = { ...terms, senderIdentifier: KNOWN.otherNumber, paymentId };
    const route = 'POST /spsp/backend/v1/setup';
    const answer = (await system.ask(route, 'a valid request', { as: AS, body: setup })).mustBe({ status: 201 });
    const body = {
      status: 'prepared',
      transferId: paymentId,
      paymentid: paymentId,
      senderIdentifier: KNOWN.otherNumber,
    };
    const { destinationAmount } = answer.json as { destinationAmount: string };
    return { path: { ...target, paymentId }, body: { ...body, destinationAmount } };
  };
  return [
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
        {
          what: 'an unknown number',
          change: () => at({ identifier: UNKNOWN.number }),
          status: 404,
          id: 'UserNotFound',
        },
      ],
    },
    {
      route: 'POST /spsp/backend/v1/invoices',
      page: 'contract/invoices.md#s2.3',
      as: AS,
      good: () => ({ body: { invoiceUrl: KNOWN.invoiceUrl, senderIdentifier: KNOWN.number, memo: 'Lunch' } }),
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
      good: () => ({ path: { invoiceId: invoices.unpaid } }),
      status: 200,
      holds: (answer) => {
        if (answer.json.invoiceId === invoices.unpaid) return;
        answer.failWith(`was answered with the invoice ${answer.json.invoiceId}; must be ${invoices.unpaid}`);
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
          answer.failWith(
            `was answered the amount ${answer.json.destinationAmount}; must be answered exactly ${amount}`,
          );
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
        body: { invoiceId: invoices.unpaid, senderIdentifier: KNOWN.otherNumber, paymentId: randomUUID() },
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
      good: () => news({ invoiceId: invoices.unpaid }, { invoiceId: invoices.unpaid }),
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
          change: withPath({ invoiceId: invoices.paid }),
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
      good: () => news({ payee: KNOWN.number }, { identifier: KNOWN.number, amount: '10.40' }),
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
}

function at(path: Record<string, string>): SystemRequest {
  return { as: AS, path };
}

function withPath(path: Record<string, string>) {
  return (request: SystemRequest): SystemRequest => ({ ...request, path: { ...request.path, ...path } });
}
