import type { RoleDefinition } from '@level-one/platform';
import { SpspClientProxyModule } from './spsp-client-proxy.module.js';
import { SpspClientProxySettings } from './spsp-client-proxy.settings.js';

export const spspClientProxyRole: RoleDefinition<SpspClientProxySettings> = {
  role: 'spsp-client-proxy',
  description:
    "Passes requests of a DFSP's API on to its SPSP client; adds the URL of an invoice and the trace. Stores no payment.",
  settings: SpspClientProxySettings,
  basePaths: ['spsp/client/v1', 'v1', ''],
  takesJsonAsForm: ['/quotes'],
  module: (settings) => SpspClientProxyModule.forRoot(settings),
};
