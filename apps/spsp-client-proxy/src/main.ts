import { runRole } from '@level-one/platform';
import { spspClientProxyRole } from './spsp-client-proxy.role.js';

await runRole(spspClientProxyRole);
