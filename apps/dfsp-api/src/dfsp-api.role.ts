import type { RoleDefinition } from '@level-one/platform';
import { acceptLists } from './requests/accept-lists.js';
import { DFSP_API_OPEN_STATES } from './dfsp-api.open-states.js';
import { DfspApiModule } from './dfsp-api.module.js';
import { DfspApiSettings } from './dfsp-api.settings.js';
import { dfspApiTimeline } from './dfsp-api.timeline.js';

export const dfspApiRole: RoleDefinition<DfspApiSettings> = {
  role: 'dfsp-api',
  description:
    "The DFSP's own system, for its channel and its SPSP backend: customers, invoices of its merchants, invoices that its " +
    'clients are notified of, quotes, and payments.',
  settings: DfspApiSettings,
  basePaths: ['v1', ''],
  configure: acceptLists,
  takesJsonAsForm: ['/quotes'],
  openStates: () => DFSP_API_OPEN_STATES,
  timeline: dfspApiTimeline,
  module: (settings) => DfspApiModule.forRoot(settings),
};
