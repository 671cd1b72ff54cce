import { setTimeout as sleep } from 'node:timers/promises';
import { DemoClient, say } from './demo-client.js';
import type { DfspName } from './topology.js';

/** Hops of a step, and the notifications it causes, arrive a moment after its answer. */
export const LAST_HOPS_MS = 150;

/** Says what is done next, once what was done before has been printed. */
export type Step = (title: string) => Promise<void>;

/** What a demonstration does. */
export type Scenario = (network: DemoClient, step: Step) => Promise<void>;

export const step: Step = async (title) => {
  await sleep(LAST_HOPS_MS);
  say(`\n${title}`);
};

/** Asks a DFSP's API as its channel would. */
export function askAt(network: DemoClient, dfsp: DfspName) {
  return <T>(request: string, body?: object): Promise<T> =>
    network.ask<T>('dfsp-api', dfsp, `${dfsp}:${dfsp}`, request, body);
}
