import { runRole } from '@level-one/platform';
import { consoleRole } from './console.role.js';

await runRole(consoleRole);
