import type { ConformanceCase } from '../../cases/conformance-case.js';
import { NotConforming } from '../../cases/not-conforming.js';
import type { RouteUse } from '../../common/route-use.js';
import type { SuiteContext } from '../../common/role-suite.js';
import type { PlayedRole } from '../../played/play-role.js';
import type { SystemRequest } from '../../system/system-under-test.js';
import { KNOWN, UNKNOWN } from '../spsp-backend/played-dfsp-api.js';
import { CLIENT, OUTSIDE } from './played-spsp-client.js';

const AS = 'dfsp-api';
const PAGE = 'contract/invoices.md#s2.3';

/** What a set-up has beyond the transfer, or what another form of the request leaves out. */
export const ECHOED = [
  'name',
  'receiver',
  'destinationAccount',
  'address',
  'data',
  'sourceIdentifier',
  'condition',
  'id',
  'execution_condition',
  'additionalHeaders',
  'expiresAt',
  'sourceAmount',
  'destinationAmount',
  'memo',
] as const;

export function withBody(changes: Record<string, unknown>) {
  return (request: SystemRequest): SystemRequest => ({ ...request, body: { ...(request.body as object), ...changes } });
}

function notification(changes: Record<string, unknown> = {}): SystemRequest {
  const body = { invoiceId: '12345', submissionUrl: OUTSIDE.submission, senderIdentifier: KNOWN.number, memo: 'Lunch' };
  return { as: AS, body: { ...body, ...changes } };
}

/** The invoice routes that an SPSP client proxy and a scheme adapter have in common. @param base `/spsp/client/v1` */
export function invoiceUses(base: string): RouteUse[] {
  return [
    {
      route: `POST ${base}/invoices`,
      page: PAGE,
      as: AS,
      good: () => notification(),
      status: 201,
      unknown: [
        {
          what: 'a notification for an unknown number',
          change: withBody({ senderIdentifier: UNKNOWN.number }),
          status: 404,
          id: 'UserNotFound',
        },
      ],
    },
    {
      route: `GET ${base}/invoices`,
      page: 'contract/invoices.md#row-14',
      as: AS,
      good: () => ({ query: { invoiceUrl: OUTSIDE.invoice } }),
      status: 200,
      unknown: [
        {
          what: 'an unknown invoice',
          change: (request) => ({ ...request, query: { invoiceUrl: OUTSIDE.unknownInvoice } }),
          status: 404,
          id: 'InvoiceNotFoundError',
        },
        {
          what: 'no invoiceUrl',
          change: (request) => ({ ...request, query: {} }),
          status: 400,
          id: ['InvalidUriParameterError', 'InvalidQueryParameterError'],
        },
      ],
    },
  ];
}

/** A notification gets the URL of its invoice at the DFSP's own SPSP server. */
export function invoiceUrlCases(
  { system, peersUrl }: SuiteContext,
  client: PlayedRole,
  base: string,
): ConformanceCase[] {
  const route = `POST ${base}/invoices`;
  const own = `${peersUrl}/spsp-server/v1/invoices/12345`;
  const one = (name: string, given: string | undefined, wanted: string): ConformanceCase => ({
    name,
    route,
    page: PAGE,
    hops: [],
    run: async () => {
      const before = client.callsTo(CLIENT.notify).length;
      (await system.ask(route, 'a notification', notification({ invoiceUrl: given }))).mustBe({ status: 201 });
      const told = client.callsTo(CLIENT.notify)[before]?.body?.invoiceUrl;
      if (told === wanted) return;
      throw new NotConforming(
        `${route}: the SPSP client was told the invoiceUrl ${JSON.stringify(told)}; must be ${JSON.stringify(wanted)}`,
      );
    },
  });
  return [
    one('a notification without invoiceUrl gets that of the own SPSP server', undefined, own),
    one('an invoiceUrl that is given is kept', OUTSIDE.invoice, OUTSIDE.invoice),
  ];
}
