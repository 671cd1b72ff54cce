#!/usr/bin/env node
// @ts-check
/** The demo network with a fault proxy before each role, switched by HTTP: see docs/faults.md. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { FaultProxy, Faults, serveFaultControl } from '../../../../dist/libs/testing/src/faults/index.js';
import { LISTEN_OFFSET, nameOf, planOf } from './kit/plan.mjs';

/** Port of the switches, after the network's own. */
const CONTROL_OFFSET = 250;

const portBase = Number(process.env.PORT_BASE ?? 3000);
const faults = new Faults();
for (const instance of planOf({ portBase, databaseUrl: '', environment: {} }).instances) {
  const port = Number(new URL(instance.baseUrl).port);
  await FaultProxy.start({ place: nameOf(instance), port, targetPort: instance.port, faults });
}
await serveFaultControl(faults, portBase + CONTROL_OFFSET);
process.stdout.write(`Faults are switched at http://127.0.0.1:${portBase + CONTROL_OFFSET}/faults (docs/faults.md)\n`);

const main = join(import.meta.dirname, '../../../../dist/apps/network/src/main.js');
const network = spawn(process.execPath, ['--enable-source-maps', main], {
  env: { ...process.env, LISTEN_OFFSET: String(LISTEN_OFFSET) },
  stdio: 'inherit',
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => network.kill(signal));
network.once('exit', (code) => process.exit(code ?? 1));
