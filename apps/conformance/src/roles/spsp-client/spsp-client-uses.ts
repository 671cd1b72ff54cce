import { randomUUID } from 'node:crypto';
import type { RouteUse } from '../../common/route-use.js';
import type { Answer } from '../../system/answer.js';
import type { SystemRequest } from '../../system/system-under-test.js';
import { ECHOED } from '../payer-side/invoice-uses.js';
import { KNOWN, UNKNOWN } from '../spsp-backend/played-dfsp-api.js';
import { CONNECTOR, type PlayedSurroundings } from './played-surroundings.js';

const AS = 'spsp-client-proxy';
const ADAPTER = 'scheme-adapter';
const UNKNOWN_ID = '5b0d1f5e-0000-4000-8000-000000000000';
const LOOKUP = 'contract/lookup.md#s2.1';
const SETUP = 'contract/setup.md#s2.4';
const PREPARE = 'contract/setup.md#s2.5';
const STRANGER = 'http://stranger.example/v1';

function withBody(changes: Record<string, unknown>) {
  return (request: SystemRequest): SystemRequest => ({ ...request, body: { ...(request.body as object), ...changes } });
}

function withQuery(query: Record<string, string>) {
  return (request: SystemRequest): SystemRequest => ({ ...request, query: { ...request.query, ...query } });
}

export function setupRequest(around: PlayedSurroundings, changes: Record<string, unknown> = {}): SystemRequest {
  const body = {
    receiver: around.receiver,
    sourceAccount: around.ledger.accountUri('alice'),
    sourceIdentifier: KNOWN.otherNumber,
    destinationAmount: '10.40',
    memo: 'Lunch',
    paymentId: randomUUID(),
  };
  return { as: AS, body: { ...body, ...changes } };
}

/** Sets a payment up, and makes the request that pays it. */
export async function payRequest(around: PlayedSurroundings): Promise<SystemRequest & { id: string }> {
  const request = setupRequest(around);
  const answer = await around.context.system.ask('POST /v1/setup', 'a valid request', request);
  const body = answer.mustBe({ status: 201 }).json as { id: string };
  return { as: AS, id: body.id, path: { id: body.id }, body: { ...body, sourceIdentifier: KNOWN.otherNumber } };
}

export function payIprRequest(around: PlayedSurroundings): SystemRequest & { id: string } {
  const id = randomUUID();
  const { ipr } = around.promise(id);
  const body = {
    paymentId: id,
    ipr,
    sourceAmount: '10.40',
    sourceAccount: around.ledger.accountUri('alice'),
    connectorAccount: around.ledger.accountUri(CONNECTOR),
    sourceExpiryDuration: 10,
  };
  return { as: ADAPTER, id, body };
}

/** How the proxy and the scheme adapter use an SPSP client. */
export function spspClientUses(around: PlayedSurroundings): RouteUse[] {
  return [...readUses(around), ...quoteUses(around), ...payUses(around), ...iprUses(around)];
}

function readUses(around: PlayedSurroundings): RouteUse[] {
  const unknownReceiver = { status: 404, id: 'InvalidReceiverIdError' };
  const unknownInvoice = { status: 404, id: 'InvoiceNotFoundError' };
  return [
    {
      route: 'GET /v1/query',
      page: LOOKUP,
      as: AS,
      good: () => ({ query: { receiver: around.receiver } }),
      status: 200,
      unknown: [
        {
          what: 'an unknown receiver',
          change: withQuery({ receiver: around.urlOf(`receivers/${UNKNOWN.number}`) }),
          ...unknownReceiver,
        },
        {
          what: 'a receiver whose URL no DFSP has registered',
          change: withQuery({ receiver: `${STRANGER}/receivers/1` }),
          ...unknownReceiver,
        },
        {
          what: 'an unknown invoice',
          change: withQuery({ receiver: around.urlOf('invoices/none') }),
          ...unknownInvoice,
        },
        {
          what: 'a receiver that is no URL',
          change: withQuery({ receiver: 'nothing' }),
          status: 400,
          id: 'InvalidUriParameterError',
        },
      ],
    },
    {
      route: 'GET /v1/invoices',
      page: 'contract/invoices.md#row-14',
      as: AS,
      good: () => ({ query: { invoiceUrl: around.invoiceUrl } }),
      status: 200,
      unknown: [
        {
          what: 'an unknown invoice',
          change: withQuery({ invoiceUrl: around.urlOf('invoices/none') }),
          ...unknownInvoice,
        },
        {
          what: 'an invoice whose URL no DFSP has registered',
          change: withQuery({ invoiceUrl: `${STRANGER}/invoices/1` }),
          ...unknownInvoice,
        },
      ],
    },
    {
      route: 'POST /v1/invoices',
      page: 'contract/invoices.md#s2.3',
      as: AS,
      good: () => ({
        body: {
          invoiceId: '12345',
          invoiceUrl: 'http://own.example/v1/invoices/12345',
          submissionUrl: around.urlOf('invoices'),
          senderIdentifier: KNOWN.number,
          memo: 'Lunch',
        },
      }),
      status: 201,
      lenient: ['invoiceUrl'],
      unknown: [
        {
          what: 'a notification for an unknown number',
          change: withBody({ senderIdentifier: UNKNOWN.number }),
          status: 404,
          id: 'UserNotFound',
        },
        {
          what: 'a notification to a URL that no DFSP has registered',
          change: withBody({ submissionUrl: `${STRANGER}/invoices` }),
          status: 404,
          id: 'UserNotFound',
        },
      ],
    },
  ];
}

function quoteUses(around: PlayedSurroundings): RouteUse[] {
  const mustBe = (member: string) => (answer: Answer) => {
    if (Number(answer.json[member]) !== 10.4)
      answer.failWith(`was answered ${member} ${answer.json[member]}; must be 10.40, as the connector answers`);
  };
  return [
    {
      route: 'GET /v1/quoteSourceAmount',
      page: PREPARE,
      as: AS,
      good: () => ({ query: { receiver: around.receiver, sourceAmount: '10.40' } }),
      status: 200,
      holds: mustBe('destinationAmount'),
      unknown: [
        {
          what: 'no amount',
          change: withQuery({ sourceAmount: '' }),
          status: 400,
          id: ['NoAmountSpecifiedError', 'InvalidQueryParameterError', 'InvalidUriParameterError'],
        },
        {
          what: 'the amount 0',
          change: withQuery({ sourceAmount: '0' }),
          status: 400,
          id: 'InvalidAmountSpecifiedError',
        },
      ],
    },
    {
      route: 'GET /v1/quoteDestinationAmount',
      page: PREPARE,
      as: AS,
      good: () => ({ query: { receiver: around.receiver, destinationAmount: '10.40' } }),
      status: 200,
      holds: mustBe('sourceAmount'),
    },
  ];
}

function payUses(around: PlayedSurroundings): RouteUse[] {
  return [
    {
      route: 'POST /v1/setup',
      page: SETUP,
      as: AS,
      good: () => setupRequest(around),
      status: 201,
      isRepeatable: true,
      lenient: ['memo', 'paymentId', 'destinationAmount'],
      otherContent: { change: withBody({ destinationAmount: '10.41' }), status: 422, id: 'AlreadyExistsError' },
      holds: (answer, { body }) => {
        const { paymentId } = body as { paymentId: string };
        const promise = around.promises.get(paymentId);
        const { id, sourceAmount, destinationAmount, execution_condition: condition, additionalHeaders } = answer.json;
        if (id !== paymentId) answer.failWith(`was answered the id ${id}; must be answered the paymentId`);
        if (sourceAmount !== '10.40' || destinationAmount !== '10.40')
          answer.failWith(`was answered the amounts ${sourceAmount} and ${destinationAmount}; must be 10.40 and 10.40`);
        if (condition !== promise?.condition || additionalHeaders !== promise?.packet)
          answer.failWith('was answered with another condition or packet than the payee; must be those of the payee');
      },
      unknown: [
        {
          what: 'a payment to an unknown receiver',
          change: withBody({ receiver: around.urlOf(`receivers/${UNKNOWN.number}`) }),
          status: 404,
          id: 'InvalidReceiverIdError',
        },
        {
          what: 'a payment to a receiver whose URL no DFSP has registered',
          change: withBody({ receiver: `${STRANGER}/receivers/1` }),
          status: 404,
          id: 'InvalidReceiverIdError',
        },
        {
          what: 'the payment of an invoice with another amount',
          change: withBody({ receiver: around.invoiceUrl, destinationAmount: '10.41' }),
          status: 422,
          id: 'UnprocessableEntityError',
        },
        {
          what: 'a payment to a number without an amount',
          change: withBody({ destinationAmount: undefined }),
          status: 400,
          id: 'InvalidBodyError',
        },
      ],
    },
    {
      route: 'POST /v1/transfers/{id}',
      page: PREPARE,
      as: AS,
      good: () => payRequest(around),
      status: 201,
      repeatedStatus: 200,
      isRepeatable: true,
      uuids: ['id'],
      lenient: ECHOED,
      otherContent: { change: withBody({ sourceAmount: '10.41' }), status: 422, id: 'AlreadyExistsError' },
      unknown: [
        {
          what: 'a payment whose id is not the one in the path',
          change: withBody({ id: UNKNOWN_ID }),
          status: 400,
          id: 'InvalidBodyError',
        },
        {
          what: 'a payment whose time is over',
          change: withBody({ expiresAt: '2020-01-01T00:00:00.000Z' }),
          status: 422,
          id: 'ExpiredTransferError',
        },
      ],
    },
    {
      route: 'GET /v1/payments/{id}',
      page: 'contract/setup.md#row-23b',
      as: AS,
      good: async () => {
        const request = await payRequest(around);
        const answer = await around.context.system.ask('POST /v1/transfers/{id}', 'a valid request', request);
        answer.mustBe({ status: 201 });
        return { path: { id: request.id } };
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

function iprUses(around: PlayedSurroundings): RouteUse[] {
  const page = 'contract/ledger.md#s3.8';
  const unreadable = { what: 'an ipr that is none', status: 400, id: ['InvalidBodyError', 'InvalidUriParameterError'] };
  return [
    {
      route: 'GET /v1/quoteIPR',
      page,
      as: ADAPTER,
      good: () => ({ query: { ipr: around.promise(randomUUID()).ipr } }),
      status: 200,
      holds: (answer) => {
        const { sourceAmount, connectorAccount } = answer.json;
        if (Number(sourceAmount) === 10.4 && String(connectorAccount).endsWith(`/accounts/${CONNECTOR}`)) return;
        answer.failWith(`was answered ${answer.text}; must be 10.40 over the account that the connector names`);
      },
      unknown: [{ ...unreadable, change: withQuery({ ipr: 'c29tZSBpcHIgaGVyZQ' }) }],
    },
    {
      route: 'POST /v1/payIPR',
      page,
      as: ADAPTER,
      good: () => payIprRequest(around),
      status: 200,
      isRepeatable: true,
      lenient: ['paymentId'],
      otherContent: { change: withBody({ sourceAmount: '10.41' }), status: 422, id: 'AlreadyExistsError' },
      holds: (answer) => {
        if (answer.json.status !== 'executed')
          answer.failWith(`was answered the status ${answer.json.status}; must be executed`);
      },
      unknown: [{ ...unreadable, change: withBody({ ipr: 'c29tZSBpcHIgaGVyZQ' }) }],
    },
  ];
}
