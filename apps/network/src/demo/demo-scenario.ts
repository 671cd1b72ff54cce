import { type DemoClient, say } from './demo-client.js';
import type { StepHops } from './demo-hops.js';
import type { DfspName } from '../plan/topology.js';

/** One step of a demonstration: what is done, and how its result is told. */
export type Step = <T>(title: string, act: () => Promise<T>, tell: (result: T) => string | string[]) => Promise<T>;

/** What a demonstration does. */
export type Scenario = (network: DemoClient, step: Step) => Promise<void>;

/** Prints each step's title, then its hops, then its result. */
export function stepsWith(hops: StepHops): Step {
  return async (title, act, tell) => {
    say(`\n${title}`);
    const result = await act();
    await hops.print();
    for (const line of [tell(result)].flat()) say(`  → ${line}`);
    return result;
  };
}

/** Asks a DFSP's API as its channel would. */
export function askAt(network: DemoClient, dfsp: DfspName) {
  return <T>(request: string, body?: object): Promise<T> =>
    network.ask<T>('dfsp-api', dfsp, `${dfsp}:${dfsp}`, request, body);
}

/** How long an action took is part of its result. */
export async function timed<T>(act: () => Promise<T>): Promise<T & { ms: string }> {
  const started = performance.now();
  const result = await act();
  return { ...result, ms: `${(performance.now() - started).toFixed(0)} ms` };
}
