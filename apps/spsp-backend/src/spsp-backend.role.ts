import type { RoleDefinition } from '@level-one/platform';
import { SpspBackendModule } from './spsp-backend.module.js';
import { SpspBackendSettings } from './spsp-backend.settings.js';

export const spspBackendRole: RoleDefinition<SpspBackendSettings> = {
  role: 'spsp-backend',
  description:
    "Stands between a DFSP's SPSP server and its API: asks the API, with its credentials, and keeps nothing.",
  settings: SpspBackendSettings,
  basePaths: ['spsp/backend/v1', 'v1'],
  module: (settings) => SpspBackendModule.forRoot(settings),
};
