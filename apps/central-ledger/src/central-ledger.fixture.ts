import { type RunningRole, settingsOf, startRole } from '@level-one/platform';
import type { TestDatabase } from '@level-one/testing';
import { centralLedgerRole } from './central-ledger.role.js';
import { CentralLedgerSettings } from './central-ledger.settings.js';

export const BASE = 'http://localhost';

/** Starts a central ledger on a database, with the settings of the tests but for what is given. */
export function startCentralLedger(
  database: TestDatabase,
  change: Partial<CentralLedgerSettings> = {},
): Promise<RunningRole> {
  return startRole(
    centralLedgerRole,
    settingsOf(CentralLedgerSettings, {
      port: 0,
      publicUrl: BASE,
      logLevel: 'silent',
      demoNetwork: true,
      databaseUrl: database.url,
      databaseSchema: 'central_ledger',
      ledgerAdminPassword: 'admin',
      tokenSecret: 'a secret of the tests',
      ...change,
    }),
  );
}
