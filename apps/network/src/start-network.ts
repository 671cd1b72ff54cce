import { ContractError } from '@level-one/errors';
import { PeerHttp } from '@level-one/peers';
import {
  HopRecorder,
  NotReadyError,
  type ProcessMetrics,
  RoleIdentity,
  type RoleName,
  type RunningRole,
  settingsFromEnvironment,
  StartupError,
  startRole,
} from '@level-one/platform';
import { setTimeout as sleep } from 'node:timers/promises';
import { examplesAt } from './pages/examples.js';
import { HopLog } from './pages/hop-log.js';
import { networkConsole } from './pages/network-page.js';
import { planConsole } from './console/console-plan.js';
import { Seed } from './seed/seed.js';
import type { InstancePlan, NetworkPlan } from './plan/topology.js';
import { NetworkThreads, type Party } from './threads/network-threads.js';
import { FIRST, LocalRoles } from './threads/role-group.js';
import type { RoleThread } from './threads/role-thread.js';

const READY_TIMEOUT_MS = 20_000;
const READY_POLL_MS = 25;

export interface RunningNetwork {
  plan: NetworkPlan;
  /** Instances that are not started here: other systems replace them. */
  except: readonly InstancePlan[];
  hops: HopLog;
  /** An instance that runs in this thread, for tests that stop it or read its providers. */
  role(role: RoleName, dfsp?: string | null): RunningRole;
  /** Stops an instance and starts it again, for tests of a restart; `whileDown` runs in between. */
  restart(role: RoleName, dfsp?: string | null, whileDown?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

async function untilReady(roles: NetworkThreads): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      return await roles.assertReady();
    } catch (error) {
      if (performance.now() > deadline) throw new StartupError(`not ready in time: ${(error as Error).message}`);
    }
    await sleep(READY_POLL_MS);
  }
}

/** Attempts to seed: its calls have short time limits, and a busy machine may miss them while all roles start. */
const SEED_TRIES = 4;
/** How long roles are asked again that answer "not now", as while their database hangs. */
const SEED_WITHIN_MS = 120_000;
const UNAVAILABLE = 503;

function isTimeout(error: unknown): boolean {
  return error instanceof ContractError && (error.cause as Error | undefined)?.name === 'TimeoutError';
}

function isNotNow(error: unknown): error is ContractError {
  return error instanceof ContractError && error.status === UNAVAILABLE;
}

async function seedNetwork(plan: NetworkPlan, except: readonly InstancePlan[]): Promise<void> {
  const http = new PeerHttp(new RoleIdentity('dfsp-api', null), new HopRecorder());
  const deadline = performance.now() + SEED_WITHIN_MS;
  const run = async (triesLeft: number): Promise<void> => {
    try {
      await new Seed(http, plan, except).seedNetwork();
    } catch (error) {
      if (isNotNow(error) && performance.now() < deadline) {
        await sleep(1_000 * (error.retryAfterS ?? 1));
        return run(triesLeft);
      }
      if (!isTimeout(error) || triesLeft === 0) throw error;
      return run(triesLeft - 1);
    }
  };
  try {
    await run(SEED_TRIES - 1);
  } catch (error) {
    const isUnreachable = isNotNow(error) || (error instanceof ContractError && error.id === 'ExternalError');
    throw isUnreachable ? new StartupError(`the seed could not set up accounts and people: ${error.message}`) : error;
  } finally {
    await http.onApplicationShutdown();
  }
}

async function startConsole(
  plan: NetworkPlan,
  hops: HopLog,
  assertReady: () => Promise<void>,
  faultsUrl: string | undefined,
): Promise<RunningRole> {
  const definition = networkConsole(plan, hops, assertReady);
  const settings = settingsFromEnvironment(definition.settings, planConsole(plan, { faultsUrl }).environment);
  return startRole(definition, settings);
}

export interface StartOptions {
  /** Instances that are not started here: other systems replace them. */
  except?: readonly InstancePlan[];
  /** Metrics of the process. */
  process?: ProcessMetrics;
  /** Whether the network has its console, at the plan's page. Default: it has. */
  hasConsole?: boolean;
  /** Where faults of the network are switched; default: there are none. */
  faultsUrl?: string | undefined;
  /** Other threads, by the parties whose instances run there; they end with the network. Default: there are none. */
  threads?: ReadonlyMap<Party, RoleThread>;
}

/**
 * Starts the instances of the plan, seeds the network, and answers when all are ready.
 * @throws StartupError with one line that says what to change
 */
export async function startNetwork(
  plan: NetworkPlan,
  { except = [], hasConsole = true, faultsUrl, process, threads = new Map() }: StartOptions = {},
): Promise<RunningNetwork> {
  const recorder = new HopRecorder();
  const hops = new HopLog(recorder, plan.instances);
  const local = new LocalRoles({ hops: recorder, process, moveExamples: examplesAt(plan.portBase) });
  const roles = new NetworkThreads(local, threads);
  roles.hops$.subscribe((hop) => recorder.recordHop(hop));
  let page: RunningRole | undefined;
  let areAllStarted = false;
  const assertReady = async (): Promise<void> => {
    if (!areAllStarted) throw new NotReadyError('is not started yet');
    await roles.assertReady();
  };
  const close = async (): Promise<void> => {
    await page?.close();
    await roles.close();
  };
  try {
    const own = plan.instances.filter((instance) => !except.includes(instance));
    // Before the roles: it takes the spans of their start.
    if (hasConsole) page = await startConsole(plan, hops, assertReady, faultsUrl);
    await roles.startInstances(own.filter(({ role }) => FIRST.includes(role)));
    await seedNetwork(plan, except);
    await roles.startInstances(own.filter(({ role }) => !FIRST.includes(role)));
    areAllStarted = true;
    await untilReady(roles);
  } catch (error) {
    await close();
    throw error;
  }
  const restart = async (role: RoleName, dfsp: string | null = null, whileDown?: () => Promise<void>) => {
    const instance = plan.instances.find((one) => one.role === role && one.dfsp === dfsp);
    if (!instance) throw new Error(`no ${role} of ${dfsp ?? 'the centre'} in the plan`);
    await local.restart(instance, whileDown);
  };
  return { plan, except, hops, role: (role, dfsp = null) => local.get(role, dfsp), restart, close };
}
