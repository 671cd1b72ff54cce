import { checkInvariants, type Violation } from '@level-one/ledger';
import { StartupError } from '@level-one/platform';
import type { DataSource } from 'typeorm';
import { assertOfThisVersion, knownMigrations } from '../migrate/known-migrations.js';
import { connectTo, openNetworkDatabase } from '../network-database.js';
import { demoSchemas } from '../plan/demo-plan.js';
import type { VerifyLedgersSettings } from './verify-ledgers.settings.js';

/** What is wrong with the books of a ledger. */
export interface VerifiedLedger {
  schema: string;
  violations: Violation[];
}

/** Schemas of the ledgers in a demo network's database. */
function ledgerSchemas(portBase: number): string[] {
  return demoSchemas(portBase, (role) => role === 'dfsp-ledger' || role === 'central-ledger');
}

async function verifyLedger(url: string, schema: string, known: ReadonlySet<string>): Promise<Violation[]> {
  let dataSource: DataSource | undefined;
  try {
    dataSource = await connectTo(url, schema);
    const rows: { name: string }[] = await dataSource.query(`SELECT name FROM "${schema}".migrations ORDER BY id`);
    assertOfThisVersion(
      schema,
      rows.map(({ name }) => name),
      known,
    );
    return await checkInvariants(dataSource);
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(`${schema} cannot be verified: ${(error as Error).message}`);
  } finally {
    await dataSource?.destroy();
  }
}

/**
 * Checks the books of every ledger of the demo network, or of one ledger in DATABASE_URL.
 * @throws StartupError if a ledger cannot be read, or is of a newer version
 */
export async function* verifyLedgers(settings: VerifyLedgersSettings): AsyncGenerator<VerifiedLedger> {
  const database = await openNetworkDatabase(settings);
  try {
    const schemas = settings.databaseSchema ? [settings.databaseSchema] : ledgerSchemas(settings.portBase);
    const known = knownMigrations();
    for (const schema of schemas) yield { schema, violations: await verifyLedger(database.url, schema, known) };
  } finally {
    await database.stop();
  }
}
