import type { DfspName, InstancePlan } from '../plan/topology.js';
import { type LocalRoles, type RoleGroup, STOP_ORDER } from './role-group.js';
import type { RoleThread } from './role-thread.js';

/** A DFSP, or the centre. */
export type Party = DfspName | 'centre';

/** All instances of a network: those of parties that have another thread, and the others, in this one. */
export class NetworkThreads {
  private readonly groups: readonly RoleGroup[];

  constructor(
    private readonly local: LocalRoles,
    /** Other threads, by party; a thread can have several. */
    private readonly threads: ReadonlyMap<Party, RoleThread>,
  ) {
    this.groups = [local, ...new Set(threads.values())];
  }

  /** @throws StartupError with one line that says what to change */
  async startInstances(instances: readonly InstancePlan[]): Promise<void> {
    const started = await Promise.allSettled(
      this.groups.map((group) =>
        group.startInstances(instances.filter((instance) => this.groupOf(instance) === group)),
      ),
    );
    const failed = started.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** @throws Error if an instance is not ready */
  async assertReady(): Promise<void> {
    for (const group of this.groups) await group.assertReady();
  }

  /**
   * Stops so that nothing is lost: first nothing new is begun anywhere, and what was begun ends while every role works;
   * then callers stop before the roles they call, ledgers last.
   */
  async close(): Promise<void> {
    await Promise.all(this.groups.map((group) => group.endBeginnings()));
    for (const step of STOP_ORDER) await Promise.all(this.groups.map((group) => group.closeInstances(step)));
    await Promise.all([...new Set(this.threads.values())].map((thread) => thread.terminate()));
  }

  private groupOf({ dfsp }: InstancePlan): RoleGroup {
    return this.threads.get(dfsp ?? 'centre') ?? this.local;
  }
}
