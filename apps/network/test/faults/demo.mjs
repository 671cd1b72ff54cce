#!/usr/bin/env node
// @ts-check
/** The demo network with a fault proxy before each role, switched by HTTP: see docs/faults.md. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { databaseFolder, NetworkSettings } from '../../../../dist/apps/network/src/network.settings.js';
import { DATABASE_OFFSET, instanceName } from '../../../../dist/apps/network/src/plan/topology.js';
import { settingsFromEnvironment, startEmbeddedDatabase } from '../../../../dist/libs/platform/src/index.js';
import {
  DatabaseFaults,
  FaultProxy,
  Faults,
  serveFaultControl,
} from '../../../../dist/libs/testing/src/faults/index.js';
import { LISTEN_OFFSET, planOf } from './kit/plan.mjs';

/** Port of the switches, after the network's own. */
const CONTROL_OFFSET = 250;

const settings = settingsFromEnvironment(NetworkSettings, process.env);
const { portBase } = settings;

/** The database, and its folder if it runs here. */
async function openDatabase() {
  if (settings.databaseUrl) return { url: settings.databaseUrl, dataDir: undefined, stop: async () => undefined };
  const dataDir = databaseFolder(settings);
  return { ...(await startEmbeddedDatabase({ dataDir, port: portBase + DATABASE_OFFSET })), dataDir };
}

const { url, dataDir, stop } = await openDatabase();
const faults = new Faults();
for (const instance of planOf({ portBase, databaseUrl: url, environment: {} }).instances) {
  const port = Number(new URL(instance.baseUrl).port);
  await FaultProxy.start({ place: instanceName(instance), port, targetPort: instance.port, faults });
}
const database = new DatabaseFaults(url, dataDir);
await serveFaultControl({ faults, database }, portBase + CONTROL_OFFSET);
process.stdout.write(`Faults are switched at http://127.0.0.1:${portBase + CONTROL_OFFSET} (docs/faults.md)\n`);

const main = join(import.meta.dirname, '../../../../dist/apps/network/src/main.js');
const network = spawn(process.execPath, ['--enable-source-maps', main], {
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
