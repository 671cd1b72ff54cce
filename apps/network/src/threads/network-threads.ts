import type { HopRecord } from '@level-one/platform';
import { merge, type Observable } from 'rxjs';
import type { DfspName, InstancePlan } from '../plan/topology.js';
import { type LocalRoles, type RoleGroup, STOP_ORDER, untilAllEnd } from './role-group.js';
import type { RoleThread } from './role-thread.js';

/** A DFSP, or the centre. */
export type Party = DfspName | 'centre';

/** All instances of a network: those of parties that have another thread, and the others, in this one. */
export class NetworkThreads {
  private readonly groups: readonly RoleGroup[];
  /** Hops of the other threads. */
  readonly hops$: Observable<HopRecord>;

  constructor(
    private readonly local: LocalRoles,
    /** Other threads, by party; a thread can have several. */
    private readonly threads: ReadonlyMap<Party, RoleThread>,
  ) {
    const others = [...new Set(threads.values())];
    this.groups = [local, ...others];
    this.hops$ = merge(...others.map(({ hops$ }) => hops$));
  }

  /** @throws StartupError with one line that says what to change */
  async startInstances(instances: readonly InstancePlan[]): Promise<void> {
    const ownOf = (group: RoleGroup) => instances.filter((instance) => this.groupOf(instance) === group);
    await untilAllEnd(this.groups.map((group) => group.startInstances(ownOf(group))));
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
    await Promise.all(this.groups.map((group) => group.end()));
  }

  private groupOf({ dfsp }: InstancePlan): RoleGroup {
    return this.threads.get(dfsp ?? 'centre') ?? this.local;
  }
}
