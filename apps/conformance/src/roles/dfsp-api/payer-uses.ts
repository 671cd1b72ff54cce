import type { RouteUse } from '../../common/route-use.js';
import type { Answer } from '../../system/answer.js';
import { type DfspApiRequests, withBody, withPath } from './dfsp-api-requests.js';
import { ALICE, NOBODY } from './played-world.js';

const INVOICES = 'contract/invoices.md#s2.3';
const CHANNEL = 'contract/invoices.md#s2.2';
const QUOTES = 'contract/quotes.md#s2.8';
const AS = 'channel';
const UNKNOWN_ID = '5b0d1f5e-0000-4000-8000-000000000000';

function mustBeStatus(wanted: string) {
  return (answer: Answer): void => {
    if (answer.json.status !== wanted)
      answer.failWith(`was answered with the status ${answer.json.status}; must be ${wanted}`);
  };
}

/** How the payer's side of a DFSP API is used: by its SPSP backend, and by channels. */
export function payerUses(requests: DfspApiRequests): RouteUse[] {
  return [...notificationUses(requests), ...payUses(requests), ...quoteUses(requests)];
}

function notificationUses(requests: DfspApiRequests): RouteUse[] {
  const unknownNotification = {
    what: 'an unknown notification',
    status: 404,
    id: ['InvoiceNotificationNotFoundError', 'InvoiceNotificationNotFound'],
  };
  return [
    {
      route: 'GET /v1/client/{userNumber}',
      page: 'contract/lookup.md#s2.1',
      as: AS,
      good: async () => {
        await requests.world.makeKnown();
        return { path: { userNumber: ALICE.number } };
      },
      status: 200,
      unknown: [
        {
          what: 'a number that nobody has',
          change: withPath({ userNumber: NOBODY }),
          status: 404,
          id: 'ClientNotFound',
        },
      ],
    },
    {
      route: 'POST /v1/invoices',
      title: 'notification',
      page: INVOICES,
      as: 'spsp-backend',
      good: () => requests.notify(),
      status: 201,
      isRepeatable: true,
      // Without its URL the body is not one of a notification at all.
      lenient: ['invoiceUrl'],
      unknown: [
        {
          what: 'a notification for an unknown number',
          change: withBody({ senderIdentifier: NOBODY }),
          status: 404,
          id: 'UserNotFound',
        },
        {
          what: 'a notification of an invoice that its issuer does not have',
          change: withBody({ invoiceUrl: `http://other.example/v1/invoices/${UNKNOWN_ID}` }),
          status: 404,
          id: 'InvoiceNotFoundError',
        },
        {
          what: 'a notification whose URL no DFSP has registered',
          change: withBody({ invoiceUrl: `http://stranger.example/v1/invoices/${UNKNOWN_ID}` }),
          status: 404,
          id: 'InvoiceNotFoundError',
        },
      ],
    },
    {
      route: 'GET /v1/invoiceNotifications/{invoiceNotificationId}',
      page: CHANNEL,
      as: AS,
      good: async () => ({ path: { invoiceNotificationId: await requests.notified() } }),
      status: 200,
      // A price may be asked for anew.
      varies: ['quotedUntil', 'paymentId'],
      holds: (answer) => {
        if (answer.json.amount !== '10.40')
          answer.failWith(`was answered the amount ${answer.json.amount}; must be 10.40`);
      },
      unknown: [{ ...unknownNotification, change: withPath({ invoiceNotificationId: UNKNOWN_ID }) }],
    },
    {
      route: 'PUT /v1/invoiceNotifications/reject',
      page: CHANNEL,
      as: AS,
      good: async () => ({ body: { invoiceNotificationId: await requests.notified() } }),
      status: 200,
      holds: mustBeStatus('rejected'),
      unknown: [{ ...unknownNotification, change: withBody({ invoiceNotificationId: UNKNOWN_ID }) }],
    },
  ];
}

function payUses(requests: DfspApiRequests): RouteUse[] {
  return [
    {
      route: 'PUT /v1/invoiceNotifications/pay',
      page: CHANNEL,
      as: AS,
      good: () => requests.pay(),
      status: 200,
      holds: mustBeStatus('paid'),
      unknown: [
        {
          what: 'the payment of an unknown notification',
          change: withBody({ invoiceNotificationId: UNKNOWN_ID }),
          status: 404,
          id: ['InvoiceNotificationNotFoundError', 'InvoiceNotificationNotFound'],
        },
        {
          what: "a payment from somebody else's account",
          change: withBody({ account: 'dave' }),
          status: 404,
          id: 'NotFoundError',
        },
      ],
    },
  ];
}

function quoteUses(requests: DfspApiRequests): RouteUse[] {
  return [
    {
      route: 'POST /v1/quote',
      page: QUOTES,
      as: AS,
      good: () => requests.quote(),
      status: 201,
      lenient: ['amountType', 'transferType', 'currency', 'paymentId'],
      unknown: [
        {
          what: 'a quote for a number that nobody has',
          change: withBody({ destinationIdentifier: NOBODY }),
          status: 404,
          id: 'UserNotFound',
        },
      ],
    },
    {
      route: 'POST /v1/transfer',
      page: QUOTES,
      as: AS,
      good: () => requests.transfer(),
      status: 201,
      repeatedStatus: 200,
      isRepeatable: true,
      holds: mustBeStatus('executed'),
      unknown: [
        {
          what: 'the payment of an unknown quote',
          change: withBody({ paymentId: UNKNOWN_ID }),
          status: 404,
          id: 'QuoteNotFoundError',
        },
      ],
    },
  ];
}
