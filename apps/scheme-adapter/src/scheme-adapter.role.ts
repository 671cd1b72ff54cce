import { checkSignedBodies } from '@level-one/peers';
import type { RoleDefinition } from '@level-one/platform';
import { SchemeAdapterModule } from './scheme-adapter.module.js';
import { SchemeAdapterSettings } from './scheme-adapter.settings.js';

export const schemeAdapterRole: RoleDefinition<SchemeAdapterSettings> = {
  role: 'scheme-adapter',
  description: "Connects a DFSP's API to the scheme: quotes between DFSPs, their payments, and invoices.",
  settings: SchemeAdapterSettings,
  basePaths: ['scheme/adapter/v1', 'v1'],
  takesJsonAsForm: ['/quotes'],
  module: (settings) => SchemeAdapterModule.forRoot(settings),
  configure: (app) => checkSignedBodies(app.getHttpAdapter().getInstance()),
};
