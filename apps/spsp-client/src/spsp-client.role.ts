import type { RoleDefinition } from '@level-one/platform';
import { SpspClientModule } from './spsp-client.module.js';
import { SpspClientSettings } from './spsp-client.settings.js';

export const spspClientRole: RoleDefinition<SpspClientSettings> = {
  role: 'spsp-client',
  description:
    'Speaks to other DFSPs: looks receivers and invoices up, delivers notifications, sets payments up and pays them.',
  settings: SpspClientSettings,
  basePaths: ['v1', ''],
  module: (settings) => SpspClientModule.forRoot(settings),
};
