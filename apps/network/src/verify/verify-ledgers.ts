import { checkInvariants, INVARIANTS, type Violation } from '@level-one/ledger';
import { exitOnStartupError, settingsFromEnvironment, StartupError } from '@level-one/platform';
import type { DataSource } from 'typeorm';
import { connectTo, openNetworkDatabase } from '../network-database.js';
import { demoSchemas } from '../plan/demo-plan.js';
import { VerifyLedgersSettings } from './verify-ledgers.settings.js';

const SHOWN_MAX = 5;

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

function printReport(schema: string, violations: readonly Violation[]): void {
  const broken = new Set(violations.map(({ invariant }) => invariant));
  const count = Object.keys(INVARIANTS).length;
  process.stdout.write(`${schema}: ${count - broken.size} of ${count} invariants hold\n`);
  for (const invariant of broken) {
    const rows = violations.filter((one) => one.invariant === invariant).map(({ row }) => JSON.stringify(row));
    const more = rows.length > SHOWN_MAX ? [`… and ${rows.length - SHOWN_MAX} more`] : [];
    process.stdout.write(`  VIOLATED: ${invariant}\n    ${[...rows.slice(0, SHOWN_MAX), ...more].join('\n    ')}\n`);
  }
}

/**
 * Checks the books of every ledger of the demo network, or of one ledger in DATABASE_URL. Exit code 1: an invariant
 * does not hold.
 */
async function run(): Promise<void> {
  const settings = settingsFromEnvironment(VerifyLedgersSettings, process.env);
  const database = await openNetworkDatabase(settings);
  try {
    const schemas = settings.databaseSchema ? [settings.databaseSchema] : ledgerSchemas(settings.portBase);
    for (const schema of schemas) {
      const violations = await verifyLedger(database.url, schema);
      printReport(schema, violations);
      if (violations.length > 0) process.exitCode = 1;
    }
  } finally {
    await database.stop();
  }
}

run().catch(exitOnStartupError('ledger:verify'));
