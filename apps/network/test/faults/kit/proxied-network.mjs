// @ts-check
/** The demo network in one process, with a fault proxy before each role. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { databaseFolder, NetworkSettings } from '../../../../../dist/apps/network/src/network.settings.js';
import { DATABASE_OFFSET, instanceName } from '../../../../../dist/apps/network/src/plan/topology.js';
import { settingsFromEnvironment, startEmbeddedDatabase } from '../../../../../dist/libs/platform/src/index.js';
import { DatabaseFaults, FaultProxy, serveFaultControl } from '../../../../../dist/libs/testing/src/faults/index.js';
import { LISTEN_OFFSET, planOf } from './plan.mjs';

/** Port of the switches, after the network's own. */
export const CONTROL_OFFSET = 250;
const MAIN = join(import.meta.dirname, '../../../../../dist/apps/network/src/main.js');

/** The database, and its folder if it runs here. */
async function openDatabase(settings) {
  if (settings.databaseUrl) return { url: settings.databaseUrl, dataDir: undefined, stop: async () => undefined };
  const dataDir = databaseFolder(settings);
  const port = settings.portBase + DATABASE_OFFSET;
  return { ...(await startEmbeddedDatabase({ dataDir, port })), dataDir };
}

/**
 * Starts it with the settings of the environment, and the switches of the faults. The process ends with the network.
 * Instances in `EXCEPT` have no proxy: the systems in their places listen at their URLs.
 * @param {import('../../../../../dist/libs/testing/src/faults/index.js').Faults} faults
 * @returns the plan of the network
 */
export async function startProxiedNetwork(faults) {
  const settings = settingsFromEnvironment(NetworkSettings, process.env);
  const { portBase } = settings;
  const { url, dataDir, stop } = await openDatabase(settings);
  const plan = planOf({ portBase, databaseUrl: url, environment: {} });
  const left = new Set(settings.except.split(','));
  for (const instance of plan.instances.filter((one) => !left.has(instanceName(one)))) {
    const port = Number(new URL(instance.baseUrl).port);
    await FaultProxy.start({ place: instanceName(instance), port, targetPort: instance.port, faults });
  }
  const database = new DatabaseFaults(url, dataDir);
  await serveFaultControl({ faults, database }, portBase + CONTROL_OFFSET);
  const network = spawn(process.execPath, ['--enable-source-maps', MAIN], {
    env: {
      ...process.env,
      DATABASE_URL: url,
      LISTEN_OFFSET: String(LISTEN_OFFSET),
      FAULTS_URL: `http://127.0.0.1:${portBase + CONTROL_OFFSET}`,
    },
    stdio: 'inherit',
  });
  // A terminal interrupts both.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => network.kill('SIGTERM'));
  network.once('exit', (code) => {
    if (dataDir !== undefined) void database.thaw();
    void stop().finally(() => process.exit(code ?? 1));
  });
  return plan;
}
