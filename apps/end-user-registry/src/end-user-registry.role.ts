import type { RoleDefinition } from '@level-one/platform';
import { EndUserRegistryModule } from './end-user-registry.module.js';
import { EndUserRegistrySettings } from './end-user-registry.settings.js';

export const endUserRegistryRole: RoleDefinition<EndUserRegistrySettings> = {
  role: 'end-user-registry',
  description: 'Stores which DFSPs hold a number. One for all DFSPs of a scheme; called by the central directory.',
  settings: EndUserRegistrySettings,
  basePaths: [''],
  module: (settings) => EndUserRegistryModule.forRoot(settings),
};
