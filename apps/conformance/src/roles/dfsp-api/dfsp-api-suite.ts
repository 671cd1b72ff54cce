import { commonCases } from '../../common/common-cases.js';
import { neighbourCases } from '../../neighbours/neighbour-cases.js';
import { roleCases } from '../../common/role-cases.js';
import type { RoleSuite } from '../../common/role-suite.js';
import { DfspApiRequests } from './dfsp-api-requests.js';
import { payeeCases } from './payee-cases.js';
import { payeeUses } from './payee-uses.js';
import { payerCases } from './payer-cases.js';
import { payerUses } from './payer-uses.js';
import { ADAPTER, ALICE, PlayedWorld, PROXY } from './played-world.js';

/** A DFSP API between the runner as channels and as its SPSP backend, and the runner as all that it calls. */
export const dfspApiSuite: RoleSuite = {
  role: 'dfsp-api',
  plays: ['central-directory', 'spsp-client-proxy', 'scheme-adapter', 'dfsp-ledger'],
  casesOf: async (context) => {
    const world = new PlayedWorld(context);
    const requests = new DfspApiRequests(world);
    return [
      ...roleCases(context, 'channel'),
      ...(await commonCases(context, [...payerUses(requests), ...payeeUses(requests)])),
      ...neighbourCases(context, {
        route: 'GET /v1/client/{userNumber}',
        request: () => ({ as: 'channel', path: { userNumber: ALICE.number } }),
        status: 200,
        neighbour: world.proxy,
        asked: PROXY.query,
        calledBy: 'II',
      }),
      ...neighbourCases(context, {
        route: 'POST /v1/quote',
        request: () => requests.quote(),
        status: 201,
        neighbour: world.adapter,
        asked: ADAPTER.quote,
        calledBy: 'quote',
      }),
      ...payerCases(requests),
      ...payeeCases(requests),
    ];
  },
};
