import type { RoleName } from '@level-one/platform';
import type { FakePeers } from '@level-one/testing/peers';
import type { ConformanceCase } from '../cases/conformance-case.js';
import type { SystemUnderTest } from '../system/system-under-test.js';

/** What the cases of a role have: the system, and the server that plays the roles around it. */
export interface SuiteContext {
  system: SystemUnderTest;
  /** Plays each role at `/<role>` and its base path. */
  peers: FakePeers;
  /** Base URL of the played roles, as the system is told of it. */
  peersUrl: string;
  /** Short name of the DFSP that the system belongs to. */
  dfsp: string;
  /** Whether the system answers from data of its own, and asks no other role (`--own-data`). */
  hasOwnData: boolean;
  /** Times that the system gets where the contract limits its time, or it acts by itself: 1 is as the contract says. */
  slack: number;
}

/** The cases of one role. */
export interface RoleSuite {
  role: RoleName;
  /** Roles that the runner plays, because the system calls them. */
  plays: readonly RoleName[];
  casesOf: (context: SuiteContext) => Promise<ConformanceCase[]>;
}
