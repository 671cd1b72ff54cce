import type { OpenAPIObject } from '@nestjs/swagger';
import { type Caller, callersAt, type ServedHop } from '../roles/callers.js';
import type { RoleName } from '../roles/identity.js';
import type { ServedRoute } from './routes.js';

/** Where accounts may also come with a token. */
const LEDGER_ROLES: ReadonlySet<RoleName> = new Set(['dfsp-ledger', 'central-ledger', 'ledger-adapter']);

/** Who may call each route, from its own words or from its hops. */
export function nameCallers(routes: readonly ServedRoute[], role: RoleName): void {
  for (const { operation } of routes) {
    const callers = operation['x-callers'];
    const hops = operation['x-hop'] as readonly ServedHop[] | undefined;
    operation['x-callers'] = callersAt(role, { ...(callers && { callers }), ...(hops && { hops }) });
  }
}

/** With which credentials each of the callers comes; none for a route that is open to anyone. */
function securityOf(callers: readonly Caller[], role: RoleName): Record<string, string[]>[] {
  // Other DFSPs sign their requests, but for those to the directory.
  const isOpen = callers.includes('anyone') || (callers.includes('dfsp') && role !== 'central-directory');
  const needsBasic = callers.some((caller) => caller !== 'anyone' && (caller !== 'dfsp' || !isOpen));
  const basic = needsBasic ? [{ basic: [] }] : [];
  const bearer = callers.includes('account') || LEDGER_ROLES.has(role) ? basic.map(() => ({ bearer: [] })) : [];
  return [...(isOpen && needsBasic ? [{}] : []), ...basic, ...bearer];
}

/** Says of every route which credentials it takes. A role that asks for none shows no button for them. */
export function nameCredentials(document: OpenAPIObject, routes: readonly ServedRoute[], role: RoleName): void {
  for (const { operation } of routes) {
    operation.security = securityOf(operation['x-callers'] ?? [], role);
    const isOpen = operation.security.length === 0;
    const refusal = isOpen
      ? { 400: { description: 'InvalidUriParameterError' } }
      : { 401: { description: 'Unauthorized' } };
    operation.responses = { ...refusal, ...operation.responses };
  }
  const used = new Set(routes.flatMap(({ operation }) => operation.security!.flatMap((one) => Object.keys(one))));
  const schemes = Object.entries(document.components?.securitySchemes ?? {}).filter(([name]) => used.has(name));
  if (document.components) document.components.securitySchemes = Object.fromEntries(schemes);
}
