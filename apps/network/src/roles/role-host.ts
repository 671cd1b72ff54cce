import {
  type HostOptions,
  type RoleName,
  type RunningRole,
  settingsFromEnvironment,
  StartupError,
  startRole,
} from '@level-one/platform';
import { ROLE_DEFINITIONS } from './definitions.js';
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

/** Runs instances of roles, in this thread or in another one. */
export interface RoleHost {
  /** @throws StartupError with one line that says what to change */
  startInstances(instances: readonly InstancePlan[]): Promise<void>;
  /** @throws Error if an instance is not ready */
  assertReady(): Promise<void>;
  /** Stops the instances of the roles in {@link FIRST}, or all others. */
  closeInstances(which: 'first' | 'others'): Promise<void>;
}

/** Runs instances in this thread. */
export class LocalRoleHost implements RoleHost {
  private readonly running = new Map<string, RunningRole>();

  constructor(private readonly host: HostOptions) {}

  async startInstances(instances: readonly InstancePlan[]): Promise<void> {
    const results = await Promise.allSettled(instances.map((instance) => this.startInstance(instance)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private async startInstance({ role, dfsp, environment }: InstancePlan): Promise<void> {
    const definition = ROLE_DEFINITIONS[role];
    try {
      const settings = settingsFromEnvironment(definition.settings, environment);
      this.running.set(keyOf(role, dfsp), await startRole(definition, settings, this.host));
    } catch (error) {
      if (!(error instanceof StartupError)) throw error;
      throw new StartupError(`${role}${dfsp ? ` of ${dfsp}` : ''}: ${error.message}`);
    }
  }

  instanceOf(role: RoleName, dfsp: string | null): RunningRole {
    const found = this.running.get(keyOf(role, dfsp));
    if (!found) throw new Error(`${role} of ${dfsp ?? 'the centre'} is not running`);
    return found;
  }

  async restartInstance(instance: InstancePlan, whileDown?: () => Promise<void>): Promise<void> {
    await this.instanceOf(instance.role, instance.dfsp).close();
    try {
      await whileDown?.();
    } finally {
      await this.startInstance(instance);
    }
  }

  async assertReady(): Promise<void> {
    for (const role of this.running.values()) await role.assertReady();
  }

  async closeInstances(which: 'first' | 'others'): Promise<void> {
    const roles = [...this.running.values()].filter(({ role }) => FIRST.includes(role) === (which === 'first'));
    await Promise.all(roles.map((role) => role.close()));
  }
}

function keyOf(role: RoleName, dfsp: string | null): string {
  return `${role} ${dfsp ?? ''}`;
}
