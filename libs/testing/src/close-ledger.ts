import { checkInvariants } from '@level-one/ledger';
import type { RunningRole } from '@level-one/platform';
import { DataSource } from 'typeorm';
import type { TestDatabase } from './test-database.js';

/** Stops a ledger's role and drops its database. @throws Error when an invariant of its books does not hold. */
export async function closeLedger(ledger: RunningRole, database: TestDatabase): Promise<void> {
  const violations = await checkInvariants(ledger.app.get(DataSource, { strict: false }));
  await ledger.close();
  await database.drop();
  if (violations.length > 0) throw new Error(`Invariants do not hold: ${JSON.stringify(violations)}`);
}
