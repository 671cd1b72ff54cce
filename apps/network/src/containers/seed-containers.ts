import { PeerHttp } from '@level-one/peers';
import { exitOnStartupError, HopRecorder, RoleIdentity, StartupError } from '@level-one/platform';
import { planContainers } from './containers.js';
import { Seed } from '../seed/seed.js';

/** Seeds a network of containers with DFSPs, accounts and people. May run many times. */
async function run(): Promise<void> {
  const plan = planContainers((variable) => {
    const value = process.env[variable];
    if (value) return value;
    throw new StartupError(`${variable} is missing; write it with docker/make-env.mjs`);
  });
  const http = new PeerHttp(new RoleIdentity('dfsp-api', null), new HopRecorder());
  await new Seed(http, plan).seedNetwork();
  await http.onApplicationShutdown();
  process.stdout.write('DFSPs, accounts and people are set up\n');
}

run().catch(exitOnStartupError('seed'));
