import { timingSafeEqual } from 'node:crypto';
import type { BlockList } from 'node:net';
import { basicCredentials, credentialPairs, secretDigest } from './basic-auth.js';
import { addressList, type Arrival, clientAddress } from './client-address.js';

/** Settings that say who may read the metrics. */
export interface MonitorSettings {
  /** `name:password` pairs. */
  metricsCredentials?: string | undefined;
  demoNetwork?: boolean;
  trustedProxies?: string;
}

/** `::1`, as {@link clientAddress} reduces it. */
const LOOPBACK_NETWORK = '0:0:0:0::/64';

/**
 * Who may read the metrics of a role: monitoring systems, by credentials that are good for nothing else, and in a demo network, which listens on loopback alone, also who asks from there without any.
 */
export class Monitors {
  private readonly digests: readonly Buffer[];
  private readonly isDemo: boolean;
  private readonly proxies: BlockList;

  constructor({ metricsCredentials, demoNetwork = false, trustedProxies = '' }: MonitorSettings) {
    const pairs = metricsCredentials ? credentialPairs(metricsCredentials) : [];
    this.digests = pairs.map(({ name, password }) => secretDigest(`${name}:${password}`));
    this.isDemo = demoNetwork;
    this.proxies = addressList(trustedProxies);
  }

  /** Whether the sender of a request is one of them. */
  include(arrival: Arrival): boolean {
    const { authorization } = arrival.headers;
    if (authorization === undefined) return this.isDemo && isLoopback(clientAddress(arrival, this.proxies));
    const given = basicCredentials([authorization].flat()[0]);
    const digest = secretDigest(given ? `${given.name}:${given.password}` : '');
    // All are compared, so that the duration does not show which names exist.
    return this.digests.filter((known) => timingSafeEqual(known, digest)).length > 0;
  }
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === LOOPBACK_NETWORK;
}
