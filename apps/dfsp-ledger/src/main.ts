import { runRole } from '@level-one/platform';
import { dfspLedgerRole } from './dfsp-ledger.role.js';

await runRole(dfspLedgerRole);
