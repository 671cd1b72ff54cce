import { describe, expect, it } from '@jest/globals';
import { type HopDefinition, HOPS } from '@level-one/peers';
import { ROLES, type RoleName } from '@level-one/platform';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const OPENAPI = join(dirname(import.meta.dirname), 'docs', 'openapi');

interface Operation {
  tags?: string[];
  summary?: string;
  responses: Record<string, unknown>;
  'x-hop'?: string[];
  'x-alias-of'?: string;
}

interface Route extends Operation {
  /** `GET /v1/receivers/{}` */
  name: string;
}

/** A path without the names of its parameters, which differ between roles. */
function withoutNames(path: string): string {
  return path.replaceAll(/\{[^}]+\}/g, '{}');
}

function routesOf(role: RoleName): Route[] {
  const { paths } = JSON.parse(readFileSync(join(OPENAPI, `${role}.json`), 'utf8')) as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      ...operation,
      name: `${method.toUpperCase()} ${withoutNames(path)}`,
    })),
  );
}

const byRole = new Map(ROLES.map((role) => [role, routesOf(role)]));
const overHttp = HOPS.filter(({ method }) => method !== 'WS');

describe('the hop table and what the roles serve', () => {
  it.each(overHttp)('$id: $to serves $method $path as its primary path', ({ id, to, method, path }: HopDefinition) => {
    for (const role of [to].flat()) {
      const primaries = byRole.get(role)?.filter((route) => route['x-hop']?.includes(id) && !route['x-alias-of']);
      expect(primaries?.map(({ name }) => name)).toContain(`${method} ${withoutNames(path)}`);
    }
  });

  it.each(ROLES)('%s marks only aliases of routes that it serves', (role) => {
    const routes = byRole.get(role) ?? [];
    const primaries = new Set(routes.filter((route) => !route['x-alias-of']).map(({ name }) => name));
    const targets = routes.flatMap((route) => route['x-alias-of'] ?? []);
    expect(targets.filter((target) => !primaries.has(withoutNames(target)))).toEqual([]);
  });

  it.each(ROLES)('%s has every route of a hop in the group of its step, with a summary', (role) => {
    for (const route of byRole.get(role) ?? []) {
      const groups = HOPS.filter(({ id }) => route['x-hop']?.includes(id)).map(({ group }) => group);
      const isInItsGroup =
        groups.length === 0 || Boolean(route['x-alias-of']) || groups.some((group) => route.tags?.includes(group));
      expect([route.name, isInItsGroup]).toEqual([route.name, true]);
      expect([route.name, route.summary]).toEqual([route.name, expect.stringMatching(/\w/)]);
    }
  });
});
