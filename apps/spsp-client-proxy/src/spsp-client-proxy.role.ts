import type { RoleDefinition } from '@level-one/platform';
import { SpspClientProxyModule } from './spsp-client-proxy.module.js';
import { SpspClientProxySettings } from './spsp-client-proxy.settings.js';

export const spspClientProxyRole: RoleDefinition<SpspClientProxySettings> = {
  role: 'spsp-client-proxy',
  description: "A DFSP's own door to its SPSP client: adds the invoice's URL and the trace, and keeps nothing.",
  settings: SpspClientProxySettings,
  basePaths: ['spsp/client/v1', 'v1', ''],
  takesJsonAsForm: ['/quotes'],
  module: (settings) => SpspClientProxyModule.forRoot(settings),
};
