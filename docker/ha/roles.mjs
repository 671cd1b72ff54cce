// @ts-check
/** Every role once, in one process: what one machine of several may run. Its argument is the name of the site. */
import { ROLE_DEFINITIONS } from '../../dist/apps/network/src/definitions.js';
import { HopRecorder, settingsFromEnvironment, startRole } from '../../dist/libs/platform/src/index.js';
import { planOf, SITES } from './plan.mjs';

const { instances } = planOf(SITES[process.argv[2] ?? '']);
const host = { hops: new HopRecorder() };
const roles = await Promise.all(
  instances.map(({ role, environment }) => {
    const definition = ROLE_DEFINITIONS[role];
    return startRole(definition, settingsFromEnvironment(definition.settings, environment), host);
  }),
);
process.once('SIGTERM', () => {
  void Promise.allSettled(roles.map((role) => role.close())).then(() => process.exit(0));
});
