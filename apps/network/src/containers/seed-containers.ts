import { PeerHttp } from '@level-one/peers';
import { exitOnStartupError, HopRecorder, RoleIdentity, StartupError } from '@level-one/platform';
import { planContainers } from './containers.js';
import { Seed } from '../seed/seed.js';

/** Puts the demo people into a network of containers, and ends. May run again. */
async function run(): Promise<void> {
  const plan = planContainers((variable) => {
    const value = process.env[variable];
    if (value) return value;
    throw new StartupError(`${variable} is missing; docker/make-env.mjs writes it`);
  });
  const http = new PeerHttp(new RoleIdentity('dfsp-api', null), new HopRecorder());
  await new Seed(http, plan).run();
  await http.onApplicationShutdown();
  process.stdout.write('the network has its DFSPs, accounts and people\n');
}

run().catch(exitOnStartupError('seed'));
