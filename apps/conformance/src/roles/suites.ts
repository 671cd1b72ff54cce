import type { RoleName } from '@level-one/platform';
import type { RoleSuite } from '../common/role-suite.js';
import { centralDirectorySuite } from './centre/central-directory-suite.js';
import { endUserRegistrySuite } from './centre/end-user-registry-suite.js';
import { ledgerSuites } from './ledger/ledger-suites.js';
import { spspBackendSuite } from './spsp-backend/spsp-backend-suite.js';

/** The cases of each role that can be tested by itself. */
export const SUITES: ReadonlyMap<RoleName, RoleSuite> = new Map(
  [spspBackendSuite, ...ledgerSuites, centralDirectorySuite, endUserRegistrySuite].map(
    (suite) => [suite.role, suite] as const,
  ),
);
