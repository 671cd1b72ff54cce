// @ts-check
/** All roles of a network but those that run by themselves, in one process. Its options are a JSON in FAULT_NETWORK. */
import { startNetwork } from '../../../../../dist/apps/network/src/start-network.js';
import { instanceName } from '../../../../../dist/apps/network/src/plan/topology.js';
import { planOf } from './plan.mjs';

const { except, ...place } = JSON.parse(process.env.FAULT_NETWORK ?? '{}');
const plan = planOf(place);
const others = plan.instances.filter((instance) => except.includes(instanceName(instance)));
try {
  const network = await startNetwork(plan, /** @type {any} */ ({ except: others }));
  process.once('SIGTERM', () => void network.close().then(() => process.exit(0)));
} catch (error) {
  process.stderr.write(`${/** @type {Error} */ (error).stack}\n`);
  process.exit(1);
}
