import { checkSignedBodies } from '@level-one/peers';
import type { RoleDefinition } from '@level-one/platform';
import { SPSP_SERVER_TIMELINE } from './issuing/store/issued-payment-timeline.js';
import { SPSP_SERVER_OPEN_STATES } from './issuing/store/open-issued-payments.js';
import { SpspServerModule } from './spsp-server.module.js';
import { SpspServerSettings } from './spsp-server.settings.js';

export const spspServerRole: RoleDefinition<SpspServerSettings> = {
  role: 'spsp-server',
  description:
    "What other DFSPs see of this one: receivers, invoices and setups. Holds the receiver's secret, and answers for incoming transfers.",
  settings: SpspServerSettings,
  basePaths: ['v1'],
  openStates: () => SPSP_SERVER_OPEN_STATES,
  timeline: () => SPSP_SERVER_TIMELINE,
  module: (settings) => SpspServerModule.forRoot(settings),
  configure: (app) => checkSignedBodies(app.getHttpAdapter().getInstance()),
};
