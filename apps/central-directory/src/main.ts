import { runRole } from '@level-one/platform';
import { centralDirectoryRole } from './central-directory.role.js';

await runRole(centralDirectoryRole);
