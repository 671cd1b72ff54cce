import type { RoleDefinition } from '@level-one/platform';
import { SPSP_CLIENT_OPEN_STATES } from './payments/store/open-payments.js';
import { SPSP_CLIENT_TIMELINE } from './payments/store/payment-timeline.js';
import { SpspClientModule } from './spsp-client.module.js';
import { SpspClientSettings } from './spsp-client.settings.js';

export const spspClientRole: RoleDefinition<SpspClientSettings> = {
  role: 'spsp-client',
  description:
    'Speaks to other DFSPs: looks receivers and invoices up, delivers notifications, sets payments up and pays them.',
  settings: SpspClientSettings,
  basePaths: ['v1', ''],
  openStates: () => SPSP_CLIENT_OPEN_STATES,
  timeline: () => SPSP_CLIENT_TIMELINE,
  module: (settings) => SpspClientModule.forRoot(settings),
};
