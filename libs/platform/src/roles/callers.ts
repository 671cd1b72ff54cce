import 'reflect-metadata';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { RoleName, ServiceName } from './identity.js';

/**
 * Kind of caller of a route: a role of the same DFSP, its channels, its administrators, another DFSP, the holder of a
 * ledger account, a system that reads metrics, or anyone. At the console: people who may look, people who may propose changes, and roles that send
 * their traces.
 */
export type CallerKind =
  RoleName | 'channel' | 'admin' | 'dfsp' | 'account' | 'monitor' | 'anyone' | 'viewer' | 'operator' | 'tracer';

/** A hop that a route serves, with its caller. */
export interface ServedHop {
  id: string;
  to: readonly ServiceName[];
  /** Step of the flow, in words. */
  group?: string;
  caller?: CallerKind;
  /** Belongs to a payment, whose id is the trace's. */
  isOfPayment?: boolean;
}

/** Requests of a route that begin a payment, a quote or an invoice. */
export interface Admission {
  /** Kinds of caller whose requests begin something. Requests of others belong to what was begun before. */
  of: readonly CallerKind[];
  /** They are worked on before others: what they need was agreed by earlier requests. */
  goFirst: boolean;
}

/** Access to a route by its decorators. */
export interface RouteAccess {
  /** From `@CallableBy`; replaces the callers of the hops. */
  callers?: readonly CallerKind[];
  /** From `@Hop`; the senders of these hops may call the route. */
  hops?: readonly ServedHop[];
  /** From `@Admits`. */
  admission?: Admission;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
    /** Callers of the route; no one may call a route without them. */
    callers?: readonly CallerKind[];
  }
  interface FastifyRequest {
    /** Kinds of caller of the request, by its credentials. */
    callers?: readonly CallerKind[];
  }
}

const ACCESS = Symbol('access');
/** Metadata key of Nest for the path of a handler. */
const PATH_METADATA = 'path';
/** Swagger UI and its documents, which no controller serves. */
const DOCS_ROUTE = /^\/docs(-json|-yaml)?(\/|$)/;

/** Access to a route, as its decorators set it. */
export function accessOf(handler: object): RouteAccess {
  const known = Reflect.getMetadata(ACCESS, handler) as RouteAccess | undefined;
  if (known) return known;
  const access: RouteAccess = {};
  Reflect.defineMetadata(ACCESS, access, handler);
  RouteConfig({ access })({}, '', { value: handler });
  return access;
}

function describeRoute(handler: object, callers: readonly CallerKind[]): void {
  accessOf(handler).callers = callers;
  ApiExtension('x-callers', callers)({}, '', { value: handler });
}

/**
 * Sets the callers of a route, or of all routes of a controller that do not set their own. Without it the senders of
 * its hops may call a route; without hops no one.
 */
export function CallableBy(...callers: [CallerKind, ...CallerKind[]]): MethodDecorator & ClassDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (descriptor) {
      describeRoute(descriptor.value as object, callers);
      return;
    }
    const { prototype } = target as { prototype: Record<string, object> };
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const handler = prototype[name];
      if (typeof handler !== 'function' || Reflect.getMetadata(PATH_METADATA, handler) === undefined) continue;
      if (!accessOf(handler).callers) describeRoute(handler, callers);
    }
  };
}

/** Sets the hops that a route serves, for {@link callersAt}. */
export function ServesHops(hops: readonly ServedHop[]): MethodDecorator {
  return (_target, _key, descriptor) => {
    accessOf(descriptor.value as object).hops = hops;
    const documented = hops.map(({ isOfPayment: _isOfPayment, ...hop }) => hop);
    ApiExtension('x-hop', documented)({}, '', { value: descriptor.value });
  };
}

/** Callers of a route of this role. Controllers are shared, so only hops to this role count. */
export function callersAt(role: ServiceName, { callers, hops = [] }: RouteAccess): readonly CallerKind[] {
  if (callers) return callers;
  const sent = hops.filter(({ to }) => to.includes(role)).flatMap(({ caller }) => caller ?? []);
  return [...new Set(sent)];
}

/** A route of a running role. */
export interface CallableRoute {
  method: string;
  /** Path with parameters as `:name`. */
  path: string;
  callers: readonly CallerKind[];
}

/** The routes of a running role with their callers. */
export class CallableRoutes {
  private readonly routes: CallableRoute[] = [];

  constructor(private readonly role: ServiceName) {}

  /** Puts the callers of each added route into its configuration. */
  installHook(fastify: Pick<FastifyInstance, 'addHook'>): void {
    fastify.addHook('onRoute', (route) => this.addRoute(route));
  }

  get all(): readonly CallableRoute[] {
    return this.routes;
  }

  private addRoute(route: RouteOptions): void {
    const callers = DOCS_ROUTE.test(route.url)
      ? (['anyone'] as const)
      : callersAt(this.role, route.config?.access ?? {});
    route.config = { ...route.config, callers };
    for (const method of [route.method].flat()) this.routes.push({ method, path: route.url, callers });
  }
}

/** Callers of the route that the request has matched. */
export function callersOfRoute(request: FastifyRequest): readonly CallerKind[] {
  return request.routeOptions.config.callers ?? [];
}
