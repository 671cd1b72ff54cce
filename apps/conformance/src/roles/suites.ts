import type { RoleName } from '@level-one/platform';
import type { RoleSuite } from '../common/role-suite.js';
import { spspBackendSuite } from './spsp-backend/spsp-backend-suite.js';

/** The cases of each role that can be tested by itself. */
export const SUITES: ReadonlyMap<RoleName, RoleSuite> = new Map(
  [spspBackendSuite].map((suite) => [suite.role, suite] as const),
);
