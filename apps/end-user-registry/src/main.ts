import { runRole } from '@level-one/platform';
import { endUserRegistryRole } from './end-user-registry.role.js';

await runRole(endUserRegistryRole);
