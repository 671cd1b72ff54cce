import type { HopRecord } from '@level-one/platform';
import type { InstancePlan } from '../plan/topology.js';

/** What a thread of roles is started with. */
export interface ThreadStart {
  portBase: number;
}

/** A method of `RoleHost` with its argument. */
export type ThreadCall =
  | { method: 'startInstances'; argument: readonly InstancePlan[] }
  | { method: 'assertReady' }
  | { method: 'closeInstances'; argument: 'first' | 'others' };

export type ToThread = { id: number } & ThreadCall;

/** The end of a call, or a hop. `timeOrigin` is the thread's start, in ms since 1970. */
export type FromThread =
  { id: number; error?: string; isStartupError?: boolean } | { hop: HopRecord; timeOrigin: number };
