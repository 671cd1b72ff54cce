import type { RoleName } from '@level-one/platform';

/** Paths below which roles answer, the longest first; other roles answer at their root. */
const BASE_PATHS: Partial<Record<RoleName, readonly string[]>> = {
  'central-directory': ['/directory/v1'],
  'dfsp-api': ['/v1'],
  'dfsp-ledger': ['/ledger'],
  'ledger-adapter': ['/ilp/ledger/v1', '/ledger'],
  'scheme-adapter': ['/scheme/adapter/v1', '/v1'],
  'spsp-backend': ['/spsp/backend/v1', '/v1'],
  'spsp-client': ['/v1'],
  'spsp-client-proxy': ['/spsp/client/v1', '/v1'],
  'spsp-server': ['/v1'],
};

/** Where a role has its documentation: at its root, which may be below a path of its host. */
export function docsUrlOf(role: RoleName, url: string): string {
  const basePath = BASE_PATHS[role]?.find((path) => url.endsWith(path)) ?? '';
  return `${url.slice(0, url.length - basePath.length)}/docs`;
}
