import type { OpenAPIObject } from '@nestjs/swagger';
import { type CallerKind, callersAt, type ServedHop } from '../roles/callers.js';
import type { ServiceName } from '../roles/identity.js';
import type { ServedRoute } from './routes.js';

/** Roles that accept bearer tokens of accounts. */
const LEDGER_ROLES: ReadonlySet<ServiceName> = new Set(['dfsp-ledger', 'central-ledger', 'ledger-adapter']);

/** Sets `x-callers` of each route, from its decorator or its hops. */
export function nameCallers(routes: readonly ServedRoute[], role: ServiceName): void {
  for (const { operation } of routes) {
    const callers = operation['x-callers'];
    const hops = operation['x-hop'] as readonly ServedHop[] | undefined;
    operation['x-callers'] = callersAt(role, { ...(callers && { callers }), ...(hops && { hops }) });
  }
}

/** Security schemes of the callers; empty for a route that is open to anyone. */
function securityOf(callers: readonly CallerKind[], role: ServiceName): Record<string, string[]>[] {
  // Other DFSPs sign their requests, except those to the directory.
  const isOpen = callers.includes('anyone') || (callers.includes('dfsp') && role !== 'central-directory');
  const needsBasic = callers.some((caller) => caller !== 'anyone' && (caller !== 'dfsp' || !isOpen));
  const basic = needsBasic ? [{ basic: [] }] : [];
  const bearer = callers.includes('account') || LEDGER_ROLES.has(role) ? basic.map(() => ({ bearer: [] })) : [];
  return [...(isOpen && needsBasic ? [{}] : []), ...basic, ...bearer];
}

/** Sets the security of every route. The document of a role without credentials has no schemes. */
export function nameCredentials(document: OpenAPIObject, routes: readonly ServedRoute[], role: ServiceName): void {
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
