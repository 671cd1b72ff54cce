import type { RoleDefinition } from '@level-one/platform';
import { SpspBackendModule } from './spsp-backend.module.js';
import { SpspBackendSettings } from './spsp-backend.settings.js';

export const spspBackendRole: RoleDefinition<SpspBackendSettings> = {
  role: 'spsp-backend',
  description:
    "Passes requests of a DFSP's SPSP server on to its API, with the credentials of the API. Stores nothing.",
  settings: SpspBackendSettings,
  basePaths: ['spsp/backend/v1', 'v1'],
  module: (settings) => SpspBackendModule.forRoot(settings),
};
