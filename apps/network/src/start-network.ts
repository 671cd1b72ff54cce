import { ContractError } from '@level-one/errors';
import { PeerHttp } from '@level-one/peers';
import { HopRecorder, RoleIdentity, type RoleName, type RunningRole, StartupError } from '@level-one/platform';
import { examplesAt } from './pages/examples.js';
import { HopLog } from './pages/hop-log.js';
import { type NetworkPage, startNetworkPage } from './pages/network-page.js';
import { Seed } from './seed/seed.js';
import { FIRST, LocalRoleHost, type RoleHost } from './roles/role-host.js';
import { RoleThread } from './roles/role-thread.js';
import { DFSPS, type InstancePlan, type NetworkPlan } from './plan/topology.js';

const READY_TIMEOUT_MS = 20_000;
const READY_POLL_MS = 25;

/** A network that runs. */
export interface NetworkHandle {
  plan: NetworkPlan;
  /** Instances that are not started here: other systems replace them. */
  except: readonly InstancePlan[];
  hops: HopLog;
  close(): Promise<void>;
}

/** A network that runs in this thread. */
export interface RunningNetwork extends NetworkHandle {
  /** A running instance, for tests that stop it or read its providers. */
  role(role: RoleName, dfsp?: string | null): RunningRole;
  /** Stops an instance and starts it again, for tests of a restart; `whileDown` runs in between. */
  restart(role: RoleName, dfsp?: string | null, whileDown?: () => Promise<void>): Promise<void>;
}

/** A place with the instances of one party of the network: a DFSP, or the centre. */
interface PlacedHost {
  holds: (instance: InstancePlan) => boolean;
  host: RoleHost;
}

async function startInstances(hosts: readonly PlacedHost[], instances: readonly InstancePlan[]): Promise<void> {
  const started = await Promise.allSettled(
    hosts.map(({ host, holds }) => host.startInstances(instances.filter((instance) => holds(instance)))),
  );
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function assertAllReady(hosts: readonly PlacedHost[]): Promise<void> {
  for (const { host } of hosts) await host.assertReady();
}

/** Stops callers before the roles they call, so that requests in progress can end. */
async function closeInstances(hosts: readonly PlacedHost[]): Promise<void> {
  await Promise.all(hosts.map(({ host }) => host.closeInstances('others')));
  await Promise.all(hosts.map(({ host }) => host.closeInstances('first')));
}

async function untilReady(hosts: readonly PlacedHost[]): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      return await assertAllReady(hosts);
    } catch (error) {
      if (performance.now() > deadline) throw new StartupError(`not ready in time: ${(error as Error).message}`);
    }
    await new Promise((done) => {
      setTimeout(done, READY_POLL_MS);
    });
  }
}

/** Attempts to seed: its calls have short time limits, and a busy machine may miss them while all roles start. */
const SEED_TRIES = 4;

function isTimeout(error: unknown): boolean {
  return error instanceof ContractError && (error.cause as Error | undefined)?.name === 'TimeoutError';
}

async function seedNetwork(plan: NetworkPlan, except: readonly InstancePlan[]): Promise<void> {
  const http = new PeerHttp(new RoleIdentity('dfsp-api', null), new HopRecorder());
  const run = async (triesLeft: number): Promise<void> => {
    try {
      await new Seed(http, plan, except).seedNetwork();
    } catch (error) {
      if (!isTimeout(error) || triesLeft === 0) throw error;
      await run(triesLeft - 1);
    }
  };
  try {
    await run(SEED_TRIES - 1);
  } catch (error) {
    const isUnreachable = error instanceof ContractError && error.id === 'ExternalError';
    throw isUnreachable ? new StartupError(`the seed could not set up accounts and people: ${error.message}`) : error;
  } finally {
    await http.onApplicationShutdown();
  }
}

export interface StartOptions {
  /** Instances that are not started here: other systems replace them. */
  except?: readonly InstancePlan[];
}

/**
 * Starts the instances of the plan in this thread, seeds the network, and answers when all are ready.
 * @throws StartupError with one line that says what to change
 */
export async function startNetwork(plan: NetworkPlan, options: StartOptions = {}): Promise<RunningNetwork> {
  const recorder = new HopRecorder();
  const host = new LocalRoleHost({ hops: recorder, moveExamples: examplesAt(plan.portBase) });
  const network = await startOn([{ holds: () => true, host }], recorder, plan, options);
  const restart = async (role: RoleName, dfsp: string | null = null, whileDown?: () => Promise<void>) => {
    const instance = plan.instances.find((one) => one.role === role && one.dfsp === dfsp);
    if (!instance) throw new Error(`no ${role} of ${dfsp ?? 'the centre'} in the plan`);
    await host.restartInstance(instance, whileDown);
  };
  return { ...network, role: (role, dfsp = null) => host.instanceOf(role, dfsp), restart };
}

/**
 * Starts the same network with a thread for each DFSP, so that it uses several processors; the centre runs in this
 * thread.
 * @throws StartupError with one line that says what to change
 */
export async function startThreadedNetwork(plan: NetworkPlan, options: StartOptions = {}): Promise<NetworkHandle> {
  const recorder = new HopRecorder();
  const threads = DFSPS.map((party) => ({
    holds: ({ dfsp }: InstancePlan) => dfsp === party,
    host: new RoleThread(party, { portBase: plan.portBase }, recorder),
  }));
  const centre = new LocalRoleHost({ hops: recorder, moveExamples: examplesAt(plan.portBase) });
  const terminate = async (): Promise<void> => {
    await Promise.all(threads.map(({ host }) => host.terminate()));
  };
  const hosts = [{ holds: ({ dfsp }: InstancePlan) => dfsp === null, host: centre }, ...threads];
  try {
    const network = await startOn(hosts, recorder, plan, options);
    const close = async (): Promise<void> => {
      await network.close();
      await terminate();
    };
    return { ...network, close };
  } catch (error) {
    await terminate();
    throw error;
  }
}

async function startOn(
  hosts: readonly PlacedHost[],
  recorder: HopRecorder,
  plan: NetworkPlan,
  { except = [] }: StartOptions,
): Promise<NetworkHandle> {
  const hops = new HopLog(recorder, plan.instances);
  let page: NetworkPage | undefined;
  const close = async (): Promise<void> => {
    await page?.close();
    await closeInstances(hosts);
  };
  try {
    const own = plan.instances.filter((instance) => !except.includes(instance));
    await startInstances(
      hosts,
      own.filter(({ role }) => FIRST.includes(role)),
    );
    await seedNetwork(plan, except);
    await startInstances(
      hosts,
      own.filter(({ role }) => !FIRST.includes(role)),
    );
    page = await startNetworkPage(plan, hops, () => assertAllReady(hosts));
    await untilReady(hosts);
  } catch (error) {
    await close();
    throw error;
  }
  return { plan, except, hops, close };
}
