import 'reflect-metadata';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { RoleName } from './identity.js';

/**
 * Who may call a route: a role of the same DFSP, its channels, its administrators, another DFSP, the holder of a ledger
 * account, or anyone.
 */
export type Caller = RoleName | 'channel' | 'admin' | 'dfsp' | 'account' | 'anyone';

/** A hop that a route serves: where it ends, and who sends it. */
export interface ServedHop {
  id: string;
  to: readonly RoleName[];
  /** Step of the flow that it belongs to, in words. */
  group?: string;
  caller?: Caller;
}

/** What the decorators of a route say about its callers. */
export interface RouteAccess {
  /** By `@CallableBy`; it stands for itself. */
  callers?: readonly Caller[];
  /** By `@Hop`; whoever sends them calls the route. */
  hops?: readonly ServedHop[];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
    /** Who may call the route; nobody when there are none. */
    callers?: readonly Caller[];
  }
  interface FastifyRequest {
    /** Who sent the request, as far as its credentials tell. */
    callers?: readonly Caller[];
  }
}

const ACCESS = Symbol('access');
/** Where Nest keeps the path of a handler. */
const PATH_METADATA = 'path';
/** Swagger UI and the documents it shows, which no controller serves. */
const DOCS_ROUTE = /^\/docs(-json|-yaml)?(\/|$)/;

function accessOf(handler: object): RouteAccess {
  const known = Reflect.getMetadata(ACCESS, handler) as RouteAccess | undefined;
  if (known) return known;
  const access: RouteAccess = {};
  Reflect.defineMetadata(ACCESS, access, handler);
  RouteConfig({ access })({}, '', { value: handler });
  return access;
}

function describe(handler: object, callers: readonly Caller[]): void {
  accessOf(handler).callers = callers;
  ApiExtension('x-callers', callers)({}, '', { value: handler });
}

/**
 * Says who may call a route, or all those routes of a controller that do not say it themselves. Without it a route is
 * callable by the senders of its hops; a route without either, by nobody.
 */
export function CallableBy(...callers: [Caller, ...Caller[]]): MethodDecorator & ClassDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (descriptor) {
      describe(descriptor.value as object, callers);
      return;
    }
    const { prototype } = target as { prototype: Record<string, object> };
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const handler = prototype[name];
      if (typeof handler !== 'function' || Reflect.getMetadata(PATH_METADATA, handler) === undefined) continue;
      if (!accessOf(handler).callers) describe(handler, callers);
    }
  };
}

/** Says which hops a route serves, for {@link callersAt}. */
export function ServesHops(hops: readonly ServedHop[]): MethodDecorator {
  return (_target, _key, descriptor) => {
    accessOf(descriptor.value as object).hops = hops;
    ApiExtension('x-hop', hops)({}, '', { value: descriptor.value });
  };
}

/** Who may call a route of this role. Controllers are shared: of the hops only those count that end at the role. */
export function callersAt(role: RoleName, { callers, hops = [] }: RouteAccess): readonly Caller[] {
  if (callers) return callers;
  const sent = hops.filter(({ to }) => to.includes(role)).flatMap(({ caller }) => caller ?? []);
  return [...new Set(sent)];
}

/** A route of a running role. */
export interface CallableRoute {
  method: string;
  /** Path with its parameters as `:name`. */
  path: string;
  callers: readonly Caller[];
}

/** Every route of a running role with its callers. */
export class CallableRoutes {
  private readonly routes: CallableRoute[] = [];

  constructor(private readonly role: RoleName) {}

  /** Writes the callers of every route, as they are added, into its configuration. */
  install(fastify: Pick<FastifyInstance, 'addHook'>): void {
    fastify.addHook('onRoute', (route) => this.add(route));
  }

  get all(): readonly CallableRoute[] {
    return this.routes;
  }

  private add(route: RouteOptions): void {
    const callers = DOCS_ROUTE.test(route.url)
      ? (['anyone'] as const)
      : callersAt(this.role, route.config?.access ?? {});
    route.config = { ...route.config, callers };
    for (const method of [route.method].flat()) this.routes.push({ method, path: route.url, callers });
  }
}

/** Who may call the route that a request has reached. */
export function callersOfRoute(request: FastifyRequest): readonly Caller[] {
  return request.routeOptions.config.callers ?? [];
}
