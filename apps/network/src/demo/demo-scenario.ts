import { type DemoClient, printLine } from './demo-client.js';
import type { StepHops } from './demo-hops.js';
import type { DfspName } from '../plan/topology.js';

/** Runs one step of a demo: `act` does it, `tell` makes lines of its result. */
export type Step = <T>(title: string, act: () => Promise<T>, tell: (result: T) => string | string[]) => Promise<T>;

/** A demo. */
export type Scenario = (network: DemoClient, step: Step) => Promise<void>;

/** Prints each step's title, then its hops, then its result. */
export function stepsWith(hops: StepHops): Step {
  return async (title, act, tell) => {
    printLine(`\n${title}`);
    const result = await act();
    await hops.printHops();
    for (const line of [tell(result)].flat()) printLine(`  → ${line}`);
    return result;
  };
}

/** Calls a DFSP's API as its channel does. */
export function askAt(network: DemoClient, dfsp: DfspName) {
  return <T>(request: string, body?: object): Promise<T> =>
    network.callRole<T>('dfsp-api', dfsp, `${dfsp}:${dfsp}`, request, body);
}

/** The step in which a channel finds out whose a number is. */
export function lookUp(step: Step, who: string, at: ReturnType<typeof askAt>, number: string): Promise<unknown> {
  return step(
    `${who} looks up number ${number}:`,
    () => at<{ firstName: string; lastName: string }>(`GET /v1/client/${number}`),
    ({ firstName, lastName }) => `${firstName} ${lastName}`,
  );
}

/** Adds the duration of an action to its result. */
export async function withDuration<T>(act: () => Promise<T>): Promise<T & { ms: string }> {
  const started = performance.now();
  const result = await act();
  return { ...result, ms: `${(performance.now() - started).toFixed(0)} ms` };
}
