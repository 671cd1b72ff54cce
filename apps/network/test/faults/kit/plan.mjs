// @ts-check
/** Addresses and settings of a network whose roles listen behind fault proxies. */
import { demoSecrets } from '../../../../../dist/apps/network/src/plan/secrets.js';
import { planNetwork } from '../../../../../dist/apps/network/src/plan/topology.js';

/** Proxies listen where a role's URL says, roles so many ports above: between the ports of the proxies. */
export const LISTEN_OFFSET = 15;

/**
 * @typedef {{ portBase: number, databaseUrl: string, environment: Record<string, string> }} Place
 * @param {Place} place
 */
export function planOf({ portBase, databaseUrl, environment }) {
  return planNetwork({
    portBase,
    databaseUrl,
    environment,
    listenOffset: LISTEN_OFFSET,
    secrets: demoSecrets(),
    logLevel: 'warn',
  });
}
