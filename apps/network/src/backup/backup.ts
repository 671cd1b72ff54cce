import { exitOnStartupError, settingsFromEnvironment, StartupError } from '@level-one/platform';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openNetworkDatabase } from '../network-database.js';
import { writeBackup } from './backup-file.js';
import { BackupSettings } from './backup.settings.js';
import { schemasOfNetwork } from './network-schemas.js';
import { backUpSchema } from './schema-backup.js';

/**
 * Writes a backup of one schema, or of every role of the demo network, into a folder: `npm run backup -- <folder>`.
 * Each schema is read as it is at one moment; the roles go on.
 */
async function run(): Promise<void> {
  const folder = process.argv[2];
  if (folder === undefined) throw new StartupError('name a folder: npm run backup -- <folder>');
  const settings = settingsFromEnvironment(BackupSettings, process.env);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const database = await openNetworkDatabase(settings);
  try {
    const schemas = settings.databaseSchema ? [settings.databaseSchema] : schemasOfNetwork(settings.portBase);
    for (const schema of schemas) {
      const path = join(folder, `${schema}.backup.gz`);
      await writeBackup(path, backUpSchema(database.url, schema));
      process.stdout.write(`${path}\n`);
    }
  } finally {
    await database.stop();
  }
}

run().catch(exitOnStartupError('backup'));
