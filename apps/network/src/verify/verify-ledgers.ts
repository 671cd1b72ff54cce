import { checkInvariants, type Violation } from '@level-one/ledger';
import { StartupError } from '@level-one/platform';
import type { DataSource } from 'typeorm';
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

async function verifyLedger(url: string, schema: string): Promise<Violation[]> {
  let dataSource: DataSource | undefined;
  try {
    dataSource = await connectTo(url, schema);
    return await checkInvariants(dataSource);
  } catch (error) {
    throw new StartupError(`${schema} cannot be verified: ${(error as Error).message}`);
  } finally {
    await dataSource?.destroy();
  }
}

/**
 * Checks the books of every ledger of the demo network, or of one ledger in DATABASE_URL.
 * @throws StartupError if a ledger cannot be read
 */
export async function* verifyLedgers(settings: VerifyLedgersSettings): AsyncGenerator<VerifiedLedger> {
  const database = await openNetworkDatabase(settings);
  try {
    const schemas = settings.databaseSchema ? [settings.databaseSchema] : ledgerSchemas(settings.portBase);
    for (const schema of schemas) yield { schema, violations: await verifyLedger(database.url, schema) };
  } finally {
    await database.stop();
  }
}
