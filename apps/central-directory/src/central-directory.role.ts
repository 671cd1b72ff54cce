import type { RoleDefinition } from '@level-one/platform';
import { CentralDirectoryModule } from './central-directory.module.js';
import { DIRECTORY_PATHS } from './directory-paths.js';
import { CentralDirectorySettings } from './central-directory.settings.js';

export const centralDirectoryRole: RoleDefinition<CentralDirectorySettings> = {
  role: 'central-directory',
  description: 'Knows every DFSP of the scheme, tells which of them hold a number, and which URLs are theirs.',
  settings: CentralDirectorySettings,
  basePaths: DIRECTORY_PATHS,
  module: (settings) => CentralDirectoryModule.forRoot(settings),
};
