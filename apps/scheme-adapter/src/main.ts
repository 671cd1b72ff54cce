import { runRole } from '@level-one/platform';
import { schemeAdapterRole } from './scheme-adapter.role.js';

await runRole(schemeAdapterRole);
