import { runRole } from '@level-one/platform';
import { ledgerAdapterRole } from './ledger-adapter.role.js';

await runRole(ledgerAdapterRole);
