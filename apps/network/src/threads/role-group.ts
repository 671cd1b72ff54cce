import {
  type HostOptions,
  type RoleName,
  type RunningRole,
  settingsFromEnvironment,
  SpanSenders,
  StartupError,
  startRole,
} from '@level-one/platform';
import { ROLE_DEFINITIONS } from '../definitions.js';
import type { InstancePlan } from '../plan/topology.js';

/** Roles that need no other role. They start first, and are seeded before the others start. */
export const FIRST: readonly RoleName[] = [
  'end-user-registry',
  'central-directory',
  'central-ledger',
  'dfsp-ledger',
  'ledger-adapter',
  'dfsp-api',
];

/** Roles that stop together, in the order in which they stop: callers before the roles they call, ledgers last. */
export const STOP_ORDER = ['others', 'apis', 'adapters', 'ledgers'] as const;
export type StopStep = (typeof STOP_ORDER)[number];

function stopStepOf(role: RoleName): StopStep {
  if (role === 'dfsp-ledger' || role === 'central-ledger') return 'ledgers';
  if (role === 'ledger-adapter') return 'adapters';
  return FIRST.includes(role) ? 'apis' : 'others';
}

/** Instances that run in one thread: in this one, or in another. */
export interface RoleGroup {
  /** @throws StartupError with one line that says what to change */
  startInstances(instances: readonly InstancePlan[]): Promise<void>;
  /** @throws Error if an instance is not ready */
  assertReady(): Promise<void>;
  /** Nothing new is begun any more; resolves when what was begun has ended. */
  endBeginnings(): Promise<void>;
  closeInstances(step: StopStep): Promise<void>;
  /** Ends what the instances shared; they are closed before. */
  end(): Promise<void>;
}

/** Waits for the end of all, so that what started can be stopped. @throws the first error */
export async function untilAllEnd(starts: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(starts)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Instances that run in this thread. */
export class LocalRoles implements RoleGroup {
  private readonly running = new Map<string, RunningRole & { role: RoleName }>();

  private readonly spans = new SpanSenders();
  private readonly host: HostOptions;

  constructor(host: Omit<HostOptions, 'spans'>) {
    this.host = { ...host, spans: this.spans };
  }

  async startInstances(instances: readonly InstancePlan[]): Promise<void> {
    await untilAllEnd(instances.map((instance) => this.startOne(instance)));
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

  /** @throws Error if it does not run in this thread */
  get(role: RoleName, dfsp: string | null): RunningRole {
    const found = this.running.get(keyOf(role, dfsp));
    if (!found) throw new Error(`${role} of ${dfsp ?? 'the centre'} does not run in this thread`);
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

  async endBeginnings(): Promise<void> {
    await Promise.all([...this.running.values()].map((role) => role.endBeginnings()));
  }

  async closeInstances(step: StopStep): Promise<void> {
    const stopping = [...this.running.values()].filter(({ role }) => stopStepOf(role) === step);
    await Promise.all(stopping.map((role) => role.close()));
  }

  async end(): Promise<void> {
    await this.spans.close();
  }
}

function keyOf(role: RoleName, dfsp: string | null): string {
  return `${role} ${dfsp ?? ''}`;
}
