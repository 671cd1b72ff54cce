import { commonCases } from '../../common/common-cases.js';
import { neighbourCases } from '../../neighbours/neighbour-cases.js';
import { roleCases } from '../../common/role-cases.js';
import type { RoleSuite } from '../../common/role-suite.js';
import { paymentCases } from './payment-cases.js';
import { CONNECTOR_QUOTE, PlayedSurroundings, SERVER } from './played-surroundings.js';
import { setupRequest, spspClientUses } from './spsp-client-uses.js';

const AS = 'spsp-client-proxy';

/** An SPSP client between the runner as its proxy, and the runner as another DFSP, its connector and its ledger. */
export const spspClientSuite: RoleSuite = {
  role: 'spsp-client',
  plays: ['spsp-server', 'ilp-connector', 'ledger-adapter', 'central-directory'],
  casesOf: async (context) => {
    const around = new PlayedSurroundings(context);
    // Until then its health is not good. A system that does not listen fails in other cases.
    await around.ledger.untilSubscribed().catch(() => undefined);
    const query = { receiver: around.receiver };
    return [
      ...roleCases(context, AS),
      ...(await commonCases(context, spspClientUses(around))),
      ...neighbourCases(context, {
        route: 'GET /v1/query',
        request: () => ({ as: AS, query }),
        status: 200,
        neighbour: around.server,
        asked: SERVER.receiver,
        calledBy: 'I.D',
        isCalledOtherwise: true,
      }),
      ...neighbourCases(context, {
        route: 'POST /v1/setup',
        request: () => setupRequest(around),
        status: 201,
        neighbour: around.server,
        asked: SERVER.setup,
        calledBy: 'S.B',
        isCalledOtherwise: true,
      }),
      ...neighbourCases(context, {
        route: 'GET /v1/quoteSourceAmount',
        request: () => ({ as: AS, query: { ...query, sourceAmount: '10.40' } }),
        status: 200,
        neighbour: around.connector,
        asked: CONNECTOR_QUOTE,
        calledBy: 'row-25c',
        keepsIds: false,
      }),
      ...paymentCases(around),
    ];
  },
};
