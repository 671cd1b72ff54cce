import { centralDirectoryRole } from '../../central-directory/src/central-directory.role.js';
import { consoleRole } from '../../console/src/console.role.js';
import { centralLedgerRole } from '../../central-ledger/src/central-ledger.role.js';
import { dfspApiRole } from '../../dfsp-api/src/dfsp-api.role.js';
import { dfspLedgerRole } from '../../dfsp-ledger/src/dfsp-ledger.role.js';
import { endUserRegistryRole } from '../../end-user-registry/src/end-user-registry.role.js';
import { ilpConnectorRole } from '../../ilp-connector/src/ilp-connector.role.js';
import { ledgerAdapterRole } from '../../ledger-adapter/src/ledger-adapter.role.js';
import { schemeAdapterRole } from '../../scheme-adapter/src/scheme-adapter.role.js';
import { spspBackendRole } from '../../spsp-backend/src/spsp-backend.role.js';
import { spspClientProxyRole } from '../../spsp-client-proxy/src/spsp-client-proxy.role.js';
import { spspClientRole } from '../../spsp-client/src/spsp-client.role.js';
import { spspServerRole } from '../../spsp-server/src/spsp-server.role.js';
import type { RoleDefinitions } from './plan/topology.js';

/** Every role and the console, as its own app defines it. */
export const ROLE_DEFINITIONS: RoleDefinitions = {
  'dfsp-api': dfspApiRole,
  'spsp-client-proxy': spspClientProxyRole,
  'spsp-client': spspClientRole,
  'spsp-server': spspServerRole,
  'spsp-backend': spspBackendRole,
  'scheme-adapter': schemeAdapterRole,
  'ledger-adapter': ledgerAdapterRole,
  'ilp-connector': ilpConnectorRole,
  'dfsp-ledger': dfspLedgerRole,
  'central-directory': centralDirectoryRole,
  'end-user-registry': endUserRegistryRole,
  'central-ledger': centralLedgerRole,
  console: consoleRole,
};
