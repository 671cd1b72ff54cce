import type { RoleDefinition } from '@level-one/platform';
import { acceptLists } from './requests/accept-lists.js';
import { DfspApiModule } from './dfsp-api.module.js';
import { DfspApiSettings } from './dfsp-api.settings.js';

export const dfspApiRole: RoleDefinition<DfspApiSettings> = {
  role: 'dfsp-api',
  description:
    "The DFSP's own system as the network sees it: customers, the invoices its merchants issue, the invoices its " +
    'clients are notified of, and the payments both make of them.',
  settings: DfspApiSettings,
  basePaths: ['v1', ''],
  configure: acceptLists,
  takesJsonAsForm: ['/quotes'],
  module: (settings) => DfspApiModule.forRoot(settings),
};
