import { runRole } from '@level-one/platform';
import { centralLedgerRole } from './central-ledger.role.js';

await runRole(centralLedgerRole);
