import type { OpenAPIObject } from '@nestjs/swagger';
import type { ServedHop } from '../roles/callers.js';
import type { ServiceName } from '../roles/identity.js';
import type { ServedRoute } from './routes.js';

/** Group of all aliases; the last one. */
export const ALIASES = 'Aliases';
const HEALTH = 'Health';

/**
 * Puts each route into one group: the step of the flow it serves, or the tag of its controller. Controllers are shared
 * between roles, so only hops to this role count.
 */
export function groupRoutes(routes: readonly ServedRoute[], role: ServiceName): void {
  for (const { operation } of routes) {
    const hops = operation['x-hop'] as readonly ServedHop[] | undefined;
    if (hops) {
      const own = hops.filter(({ to }) => to.length === 0 || to.includes(role));
      const served = own.length > 0 ? own : hops;
      const groups = served.flatMap(({ group }) => group ?? []);
      if (groups.length > 0) operation.tags = [groups[0]!];
      operation['x-hop'] = served.map(({ id }) => id);
    }
    if (operation['x-alias-of'] !== undefined) operation.tags = [ALIASES];
  }
}

/** Sorts the groups of Swagger UI: routes for channels, steps of the flows, then the rest. */
export function orderGroups(document: OpenAPIObject, routes: readonly ServedRoute[]): void {
  const groupsOf = (some: readonly ServedRoute[]): string[] => some.flatMap(({ operation }) => operation.tags ?? []);
  const primary = routes.filter(({ operation }) => operation['x-alias-of'] === undefined);
  const ofChannels = primary.filter(({ operation }) => operation['x-callers']?.includes('channel'));
  const steps = primary.filter(({ operation }) => operation['x-hop']);
  const names = new Set([...groupsOf(ofChannels), ...groupsOf(steps), ...groupsOf(primary), ...groupsOf(routes)]);
  const first = [...names].filter((name) => name !== HEALTH && name !== ALIASES);
  document.tags = [...first, HEALTH, ...(names.has(ALIASES) ? [ALIASES] : [])].map((name) => ({
    name,
    description: describeGroup(name, primary),
  }));
}

/** Description of a group: its hops and callers. */
function describeGroup(name: string, routes: readonly ServedRoute[]): string {
  if (name === ALIASES) return 'Other paths of the routes above; use those.';
  const operations = routes.flatMap(({ operation }) => (operation.tags?.includes(name) ? [operation] : []));
  const hops = new Set(operations.flatMap((operation) => (operation['x-hop'] as readonly string[] | undefined) ?? []));
  const callers = new Set(operations.flatMap((operation) => operation['x-callers'] ?? []));
  return `${hops.size > 0 ? `Hops ${[...hops].join(', ')}. ` : ''}Called by ${[...callers].join(', ')}.`;
}
