import { ContractError } from '@level-one/errors';
import { PeerHttp } from '@level-one/peers';
import {
  type HostOptions,
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
import { ROLE_DEFINITIONS } from './definitions.js';
import { examplesAt } from './pages/examples.js';
import { HopLog } from './pages/hop-log.js';
import { networkConsole } from './pages/network-page.js';
import { planConsole } from './console/console-plan.js';
import { Seed } from './seed/seed.js';
import type { InstancePlan, NetworkPlan } from './plan/topology.js';

const READY_TIMEOUT_MS = 20_000;
const READY_POLL_MS = 25;

/** Roles that need no other role. They start first, and are seeded before the others start. */
export const FIRST: readonly RoleName[] = [
  'end-user-registry',
  'central-directory',
  'central-ledger',
  'dfsp-ledger',
  'ledger-adapter',
  'dfsp-api',
];

export interface RunningNetwork {
  plan: NetworkPlan;
  /** Instances that are not started here: other systems replace them. */
  except: readonly InstancePlan[];
  hops: HopLog;
  /** A running instance, for tests that stop it or read its providers. */
  role(role: RoleName, dfsp?: string | null): RunningRole;
  /** Stops an instance and starts it again, for tests of a restart; `whileDown` runs in between. */
  restart(role: RoleName, dfsp?: string | null, whileDown?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

class Roles {
  private readonly running = new Map<string, RunningRole & { role: RoleName }>();

  constructor(private readonly host: HostOptions) {}

  async start(instances: readonly InstancePlan[]): Promise<void> {
    const results = await Promise.allSettled(instances.map((instance) => this.startOne(instance)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private async startOne({ role, dfsp, environment }: InstancePlan): Promise<void> {
    const definition = ROLE_DEFINITIONS[role];
    try {
      const settings = settingsFromEnvironment(definition.settings, environment);
      this.running.set(keyOf(role, dfsp), { ...(await startRole(definition, settings, this.host)), role });
    } catch (error) {
      if (!(error instanceof StartupError)) throw error;
      throw new StartupError(`${role}${dfsp ? ` of ${dfsp}` : ''}: ${error.message}`);
    }
  }

  get(role: RoleName, dfsp: string | null): RunningRole {
    const found = this.running.get(keyOf(role, dfsp));
    if (!found) throw new Error(`${role} of ${dfsp ?? 'the centre'} is not running`);
    return found;
  }

  async restart(instance: InstancePlan, whileDown?: () => Promise<void>): Promise<void> {
    // As abrupt as the end of a machine: requests under way are not waited for.
    await this.get(instance.role, instance.dfsp).app.close();
    try {
      await whileDown?.();
    } finally {
      await this.startOne(instance);
    }
  }

  async assertReady(): Promise<void> {
    for (const role of this.running.values()) await role.assertReady();
  }

  /**
   * Stops so that nothing is lost: first nothing new is begun anywhere, and what was begun ends while every role works;
   * then callers stop before the roles they call, ledgers last.
   */
  async close(): Promise<void> {
    const roles = [...this.running.values()];
    await Promise.all(roles.map((role) => role.endBeginnings()));
    for (const group of STOP_ORDER) {
      await Promise.all(roles.filter((role) => stopGroupOf(role) === group).map((role) => role.close()));
    }
  }
}

/** Groups of roles that stop together. */
const STOP_ORDER = ['others', 'apis', 'adapters', 'ledgers'] as const;

function stopGroupOf({ role }: { role: RoleName }): (typeof STOP_ORDER)[number] {
  if (role === 'dfsp-ledger' || role === 'central-ledger') return 'ledgers';
  if (role === 'ledger-adapter') return 'adapters';
  return FIRST.includes(role) ? 'apis' : 'others';
}

function keyOf(role: RoleName, dfsp: string | null): string {
  return `${role} ${dfsp ?? ''}`;
}

async function untilReady(roles: Roles): Promise<void> {
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
}

/**
 * Starts the instances of the plan in this process, seeds the network, and answers when all are ready.
 * @throws StartupError with one line that says what to change
 */
export async function startNetwork(
  plan: NetworkPlan,
  { except = [], hasConsole = true, faultsUrl, process }: StartOptions = {},
): Promise<RunningNetwork> {
  const recorder = new HopRecorder();
  const hops = new HopLog(recorder, plan.instances);
  const roles = new Roles({ hops: recorder, process, moveExamples: examplesAt(plan.portBase) });
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
    await roles.start(own.filter(({ role }) => FIRST.includes(role)));
    await seedNetwork(plan, except);
    await roles.start(own.filter(({ role }) => !FIRST.includes(role)));
    areAllStarted = true;
    await untilReady(roles);
  } catch (error) {
    await close();
    throw error;
  }
  const restart = async (role: RoleName, dfsp: string | null = null, whileDown?: () => Promise<void>) => {
    const instance = plan.instances.find((one) => one.role === role && one.dfsp === dfsp);
    if (!instance) throw new Error(`no ${role} of ${dfsp ?? 'the centre'} in the plan`);
    await roles.restart(instance, whileDown);
  };
  return { plan, except, hops, role: (role, dfsp = null) => roles.get(role, dfsp), restart, close };
}
