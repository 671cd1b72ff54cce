import { runRole } from '@level-one/platform';
import { spspServerRole } from './spsp-server.role.js';

await runRole(spspServerRole);
