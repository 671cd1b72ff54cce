import type { RoleDefinition } from '@level-one/platform';
import { CentralDirectoryModule } from './central-directory.module.js';
import { DIRECTORY_PATHS } from './directory-paths.js';
import { CentralDirectorySettings } from './central-directory.settings.js';

export const centralDirectoryRole: RoleDefinition<CentralDirectorySettings> = {
  role: 'central-directory',
  description: 'Registers the DFSPs of the scheme with their URLs and keys, and answers which of them hold a number.',
  settings: CentralDirectorySettings,
  basePaths: DIRECTORY_PATHS,
  module: (settings) => CentralDirectoryModule.forRoot(settings),
};
