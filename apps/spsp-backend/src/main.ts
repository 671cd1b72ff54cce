import { runRole } from '@level-one/platform';
import { spspBackendRole } from './spsp-backend.role.js';

await runRole(spspBackendRole);
