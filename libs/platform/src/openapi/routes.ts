import type { OpenAPIObject } from '@nestjs/swagger';
import type { CallerKind, ServedHop } from '../roles/callers.js';

/** An operation of an OpenAPI document under construction; `x-hop` and `x-callers` come from decorators. */
export interface Operation {
  operationId?: string;
  summary?: string;
  security?: Record<string, string[]>[];
  tags?: string[];
  deprecated?: boolean;
  responses?: Record<string, unknown>;
  'x-hop'?: readonly ServedHop[] | readonly string[];
  'x-callers'?: readonly CallerKind[];
  /** Method and path of the primary route of this alias. */
  'x-alias-of'?: string;
}

export interface ServedRoute {
  /** Controller and method as Nest names them: `InvoicesController_issueInvoice`. */
  handler: string;
  /** Index of the path in its handler's list; the first is the primary route. */
  index: number;
  /** Method and path. */
  name: string;
  operation: Operation;
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** All routes of a document, primary routes first. Parses the operation ids of Nest. */
export function servedRoutes(document: OpenAPIObject): ServedRoute[] {
  const routes = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method] as Operation | undefined;
      const [, handler, index = '0'] = /^(.*?)(?:\[(\d+)\])?$/.exec(operation?.operationId ?? '') ?? [];
      if (!operation || !handler) return [];
      return [{ handler, index: Number(index), name: `${method.toUpperCase()} ${path}`, operation }];
    }),
  );
  return routes.toSorted((a, b) => a.index - b.index);
}

/**
 * Full method and path of a route that a decorator names by the end of its path, because a controller may not know its
 * base path.
 */
function fullName(name: string, routes: readonly ServedRoute[]): string {
  const [method, path] = name.split(' ') as [string, string];
  const named = (route: ServedRoute): boolean =>
    route.name.startsWith(`${method} `) && route.name.endsWith(path) && !route.operation['x-alias-of'];
  return routes.find(named)?.name ?? name;
}

/** Marks aliases: all paths of a handler except the first, and routes that a decorator calls an alias. */
export function markAliases(routes: readonly ServedRoute[]): void {
  const primaries = new Map(routes.toReversed().map((route) => [route.handler, route]));
  for (const { handler, name, operation } of routes) {
    const primary = primaries.get(handler)?.name;
    const aliasOf = operation['x-alias-of'] ?? (primary === name ? undefined : primary);
    if (aliasOf === undefined) continue;
    operation['x-alias-of'] = fullName(aliasOf, routes);
    operation.summary = `Alias of ${operation['x-alias-of']}`;
    operation.deprecated = true;
  }
}

/** Copies the error responses of primary routes to their aliases. */
export function shareErrors(routes: readonly ServedRoute[]): void {
  const byName = new Map(routes.map((route) => [route.name, route.operation]));
  for (const { operation } of routes) {
    const primary = byName.get(operation['x-alias-of'] ?? '');
    const errors = Object.entries(primary?.responses ?? {}).filter(([status]) => Number(status) >= 400);
    if (errors.length > 0) operation.responses = { ...Object.fromEntries(errors), ...operation.responses };
  }
}

/**
 * Sets operation ids that client generators accept: the handler's name, with a number for its further paths.
 * @throws Error if two handlers of one role have the same name.
 */
export function nameOperations(routes: readonly ServedRoute[]): void {
  const taken = new Map<string, string>();
  for (const { handler, index, operation } of routes) {
    const method = handler.slice(handler.indexOf('_') + 1);
    const id = index === 0 ? method : `${method}Alias${index}`;
    const other = taken.get(id);
    if (other !== undefined) throw new Error(`${handler} and ${other} have the same operation id`);
    taken.set(id, handler);
    operation.operationId = id;
  }
}
