import { runRole } from '@level-one/platform';
import { ilpConnectorRole } from './ilp-connector.role.js';

await runRole(ilpConnectorRole);
