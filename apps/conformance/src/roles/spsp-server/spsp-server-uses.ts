import { decodePacket, packetFromText } from '@level-one/ilp';
import { randomUUID } from 'node:crypto';
import type { RouteUse } from '../../common/route-use.js';
import type { Answer } from '../../system/answer.js';
import type { SystemRequest } from '../../system/system-under-test.js';
import { KNOWN, UNKNOWN } from '../spsp-backend/played-dfsp-api.js';
import { LIFE_MS, PAYER_DFSP, type PlayedPayee } from './played-payee.js';

const SETUP = 'contract/setup.md#s2.4';
const QUOTES = 'contract/ledger.md#s3.8';

/** What other DFSPs may not see of a person. */
const INSIDE = ['paymentsUrl', 'nationalId', 'dob'];

function withBody(changes: Record<string, unknown>) {
  return (request: SystemRequest): SystemRequest => ({ ...request, body: { ...(request.body as object), ...changes } });
}

function signed(request: SystemRequest): SystemRequest {
  return { ...request, signedBy: PAYER_DFSP.key };
}

/** A set-up that another DFSP asks for. */
export function setupRequest(payee: PlayedPayee, changes: Record<string, unknown> = {}): SystemRequest {
  const body = {
    receiver: payee.urlOf(`/v1/receivers/${KNOWN.number}`),
    amount: '10.40',
    senderIdentifier: KNOWN.otherNumber,
    paymentId: randomUUID(),
    memo: 'Lunch',
  };
  return signed({ body: { ...body, ...changes } });
}

/** The payment request of a quote, as the scheme adapter asks for it. */
export function iprRequest(payee: PlayedPayee): SystemRequest {
  return {
    as: 'scheme-adapter',
    body: {
      paymentId: randomUUID(),
      destinationAccount: payee.ledger.accountUri('bob'),
      destinationAmount: '10.40',
      expiresAt: new Date(Date.now() + LIFE_MS).toISOString(),
    },
  };
}

/** How other DFSPs and the scheme adapter use an SPSP server. */
export function spspServerUses(payee: PlayedPayee): RouteUse[] {
  return [...readUses(), ...setupUses(payee), iprUse(payee)];
}

function mustHideInside(answer: Answer): void {
  const shown = INSIDE.filter((member) => answer.json[member] !== undefined);
  if (shown.length > 0)
    answer.failWith(
      `was answered with \`${shown.join('`, `')}\`; must show other DFSPs what a payer needs, and no more`,
    );
}

function readUses(): RouteUse[] {
  const invoiceUrl = `${PAYER_DFSP.url}/v1/invoices/${KNOWN.invoiceId}`;
  return [
    {
      route: 'GET /v1/receivers/{identifier}',
      page: 'contract/lookup.md#s2.1',
      as: null,
      good: () => signed({ path: { identifier: KNOWN.number } }),
      status: 200,
      holds: mustHideInside,
      unknown: [
        {
          what: 'an unknown number',
          change: (request) => ({ ...request, path: { identifier: UNKNOWN.number } }),
          status: 404,
          id: 'InvalidReceiverIdError',
        },
      ],
    },
    {
      route: 'POST /v1/invoices',
      page: 'contract/invoices.md#s2.3',
      as: null,
      good: () => signed({ body: { invoiceUrl, senderIdentifier: KNOWN.number, memo: 'Lunch' } }),
      status: 201,
      unknown: [
        {
          what: 'an invoice for an unknown number',
          change: withBody({ senderIdentifier: UNKNOWN.number }),
          status: 404,
          id: 'UserNotFound',
        },
        {
          what: 'the invoice of a DFSP other than the one that signed',
          change: withBody({ invoiceUrl: 'http://third.example/v1/invoices/1' }),
          status: 422,
          id: 'UnprocessableEntityError',
        },
      ],
    },
    {
      route: 'GET /v1/invoices/{invoiceId}',
      page: 'contract/invoices.md#s2.3',
      as: null,
      good: () => signed({ path: { invoiceId: KNOWN.invoiceId } }),
      status: 200,
      holds: mustHideInside,
      unknown: [
        {
          what: 'an unknown invoice',
          change: (request) => ({ ...request, path: { invoiceId: UNKNOWN.invoiceId } }),
          status: 404,
          id: 'InvoiceNotFoundError',
        },
      ],
    },
  ];
}

function setupUses(payee: PlayedPayee): RouteUse[] {
  const invoice = { receiver: payee.urlOf(`/v1/invoices/${KNOWN.invoiceId}`), amount: undefined };
  const elsewhere = 'http://third.example/v1/receivers/1';
  return [
    {
      route: 'POST /v1/setup',
      title: 'to a number',
      page: SETUP,
      as: null,
      good: () => setupRequest(payee),
      status: 201,
      isRepeatable: true,
      lenient: ['memo'],
      holds: (answer, { body }) => mustBeIssued(answer, body as Record<string, string>),
      otherContent: { change: withBody({ amount: '10.41' }), status: 422, id: 'AlreadyExistsError' },
      unknown: [
        {
          what: 'a payment to an unknown number',
          change: withBody({ receiver: payee.urlOf(`/v1/receivers/${UNKNOWN.number}`) }),
          status: 404,
          id: 'InvalidReceiverIdError',
        },
        {
          what: 'a payment to a receiver of somebody else',
          change: withBody({ receiver: elsewhere }),
          status: 404,
          id: 'InvalidReceiverIdError',
        },
      ],
    },
    {
      route: 'POST /v1/setup',
      title: 'of an invoice',
      page: SETUP,
      as: null,
      good: () => setupRequest(payee, invoice),
      status: 201,
      isRepeatable: true,
      lenient: ['memo', 'receiver', 'amount', 'senderIdentifier', 'paymentId'],
      holds: (answer) => {
        if (answer.json.amount === '10.40') return;
        answer.failWith(`was answered the amount ${answer.json.amount}; must be the invoice's, 10.40`);
      },
      unknown: [
        {
          what: 'a payment of an unknown invoice',
          change: withBody({ receiver: payee.urlOf(`/v1/invoices/${UNKNOWN.invoiceId}`) }),
          status: 404,
          id: 'InvoiceNotFoundError',
        },
      ],
    },
  ];
}

function iprUse(payee: PlayedPayee): RouteUse {
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
  return {
    route: 'POST /v1/createIPR',
    page: QUOTES,
    as: 'scheme-adapter',
    good: () => iprRequest(payee),
    status: 200,
    isRepeatable: true,
    otherContent: { change: withBody({ destinationAmount: '10.41' }), status: 422, id: 'AlreadyExistsError' },
    unknown: [
      {
        what: 'a payment request whose time is over',
        change: withBody({ expiresAt: hourAgo }),
        status: 422,
        id: 'UnprocessableEntityError',
      },
    ],
  };
}

/** The answer and its packet both have to say what was asked for. */
function mustBeIssued(answer: Answer, { paymentId, amount }: Record<string, string>): void {
  const { json } = answer;
  if (json.id !== paymentId) answer.failWith(`was answered the id ${json.id}; must be answered the paymentId`);
  if (json.amount !== amount || json.destinationAmount !== amount) {
    answer.failWith(`was answered the amount ${json.amount}; must be answered exactly ${amount}`);
  }
  if (json.condition !== json.execution_condition || json.additionalHeaders !== json.additional_headers) {
    answer.failWith('was answered with two spellings of condition or packet that differ; must be the same');
  }
  const packet = packetIn(answer);
  if (packet.amount !== BigInt(amount!.replace('.', ''))) {
    answer.failWith(`was answered with a packet of ${packet.amount} minor units; must be of ${amount}`);
  }
  if (packet.address !== json.address) {
    answer.failWith(`was answered with a packet for ${packet.address}; must be for the address ${json.address}`);
  }
}

function packetIn(answer: Answer): { amount: bigint; address: string } {
  try {
    return decodePacket(packetFromText(answer.json.additionalHeaders));
  } catch (error) {
    return answer.failWith(
      `was answered with \`additionalHeaders\` that are no ILP packet (${(error as Error).message}); must be one`,
    );
  }
}
