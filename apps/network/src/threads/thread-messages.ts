import type { HopRecord } from '@level-one/platform';
import type { InstancePlan } from '../plan/topology.js';
import type { StopStep } from './role-group.js';

/** What a thread of roles is started with. */
export interface ThreadStart {
  /** Its name in metrics. */
  name: string;
  /** First port of the network. */
  portBase: number;
}

/** A method of `RoleGroup` with its argument. */
export type ThreadCall =
  | { method: 'startInstances'; argument: readonly InstancePlan[] }
  | { method: 'assertReady' }
  | { method: 'endBeginnings' }
  | { method: 'closeInstances'; argument: StopStep }
  | { method: 'end' };

export type ToThread = { id: number } & ThreadCall;

/** The end of a call, or hops; `timeOrigin` is the start of the thread's clock, in ms since 1970. */
export type FromThread =
  { id: number; error?: string; isStartupError?: boolean } | { hops: readonly HopRecord[]; timeOrigin: number };
