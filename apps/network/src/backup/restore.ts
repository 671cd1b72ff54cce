import { exitOnStartupError, settingsFromEnvironment, StartupError } from '@level-one/platform';
import { assertOfThisVersion, knownMigrations } from '../migrate/known-migrations.js';
import { openNetworkDatabase } from '../network-database.js';
import { readBackup } from './backup-file.js';
import { BackupSettings } from './backup.settings.js';
import { restoreSchema } from './schema-backup.js';

/**
 * Brings a backup back into a schema that is missing or empty: `npm run restore -- <file>`. A backup of a newer version is
 * refused.
 */
async function run(): Promise<void> {
  const path = process.argv[2];
  if (path === undefined) throw new StartupError('name a file: npm run restore -- <file>');
  const settings = settingsFromEnvironment(BackupSettings, process.env);
  const schema = settings.databaseSchema ?? (await schemaOf(path));
  const database = await openNetworkDatabase(settings);
  try {
    const known = knownMigrations();
    const rows = await restoreSchema(database.url, schema, readBackup(path), (migrations) =>
      assertOfThisVersion(path, migrations, known),
    );
    process.stdout.write(`${schema}: ${rows} rows\n`);
  } finally {
    await database.stop();
  }
}

/** The schema that a backup was made of. */
async function schemaOf(path: string): Promise<string> {
  for await (const line of readBackup(path)) if ('schema' in line) return line.schema;
  throw new StartupError(`${path} does not name its schema`);
}

run().catch(exitOnStartupError('restore'));
