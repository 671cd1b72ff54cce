import type { RoleName } from '@level-one/platform';
import type { RoleSuite } from '../common/role-suite.js';
import { centralDirectorySuite } from './centre/central-directory-suite.js';
import { endUserRegistrySuite } from './centre/end-user-registry-suite.js';
import { ledgerSuites } from './ledger/ledger-suites.js';
import { dfspApiSuite } from './dfsp-api/dfsp-api-suite.js';
import { spspClientSuite } from './spsp-client/spsp-client-suite.js';
import { ilpConnectorSuite } from './ilp-connector/ilp-connector-suite.js';
import { schemeAdapterSuite } from './scheme-adapter/scheme-adapter-suite.js';
import { spspClientProxySuite } from './spsp-client-proxy/spsp-client-proxy-suite.js';
import { spspServerSuite } from './spsp-server/spsp-server-suite.js';
import { spspBackendSuite } from './spsp-backend/spsp-backend-suite.js';

/** The cases of each role that can be tested by itself. */
export const SUITES: ReadonlyMap<RoleName, RoleSuite> = new Map(
  [
    dfspApiSuite,
    spspClientSuite,
    spspClientProxySuite,
    schemeAdapterSuite,
    ilpConnectorSuite,
    spspServerSuite,
    spspBackendSuite,
    ...ledgerSuites,
    centralDirectorySuite,
    endUserRegistrySuite,
  ].map((suite) => [suite.role, suite] as const),
);
