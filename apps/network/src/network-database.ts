import { dataSourceOf, type EmbeddedDatabase, embeddedDatabaseUrl, startEmbeddedDatabase } from '@level-one/platform';
import type { DataSource } from 'typeorm';
import { databaseFolder, type NetworkSettings } from './network.settings.js';
import { DATABASE_OFFSET } from './plan/topology.js';

/** A connection for work beside the roles. */
export async function connectTo(databaseUrl: string, schema: string): Promise<DataSource> {
  return dataSourceOf({ databaseUrl, schema, poolSize: 1 }).initialize();
}

/**
 * The database in DATABASE_URL, or that of the running demo network; else the network's own one is started for the time
 * of the work.
 */
export async function openNetworkDatabase(settings: NetworkSettings): Promise<Pick<EmbeddedDatabase, 'url' | 'stop'>> {
  const stop = async (): Promise<void> => undefined;
  if (settings.databaseUrl) return { url: settings.databaseUrl, stop };
  const embedded = { dataDir: databaseFolder(settings), port: settings.portBase + DATABASE_OFFSET };
  const url = await embeddedDatabaseUrl(embedded);
  try {
    await (await connectTo(url, 'public')).destroy();
    return { url, stop };
  } catch {
    return startEmbeddedDatabase(embedded);
  }
}
