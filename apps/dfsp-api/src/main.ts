import { runRole } from '@level-one/platform';
import { dfspApiRole } from './dfsp-api.role.js';

await runRole(dfspApiRole);
