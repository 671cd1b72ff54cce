import { runRole } from '@level-one/platform';
import { spspClientRole } from './spsp-client.role.js';

await runRole(spspClientRole);
