import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { CommonErrorId, commonError } from './errors.js';
import { isStorable } from './input-gate.js';

/** Who calls, decided before the body is read (ruling 8). Provide one in a role's module to protect its routes. */
export abstract class RequestAuthenticator {
  /** Whether it counts failed logins itself; those of others are counted for them. */
  readonly countsFailures: boolean = false;

  /** @throws ContractError 401 Unauthorized. */
  abstract authenticate(request: FastifyRequest): Promise<void> | void;
}

export interface BasicCredentials {
  name: string;
  password: string;
}

/** Reads `Authorization: Basic …`. */
export function basicCredentials(header: string | undefined): BasicCredentials | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(header ?? '')?.[1];
  if (!encoded) return undefined;
  const text = textOf(Buffer.from(encoded, 'base64'));
  if (text === undefined) return undefined;
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Undefined for what nobody's name or password is: no UTF-8, or nothing that could be stored. */
function textOf(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return isStorable(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Writes `Authorization: Basic …`. */
export function basicAuthorization(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

/** Compares two secrets in a time that does not tell where they differ. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/**
 * The pattern of the route that will answer, or undefined when none does. Who may call is decided by it and never by
 * the URL as it was written: a caller can spell one path in many ways (`/v1/x#/health`).
 */
export function routeOf(request: FastifyRequest): string | undefined {
  return request.routeOptions.url;
}

const OPEN_ROUTE = /(^|\/)(health|docs|docs-json|docs-yaml)\/?$|^\/docs\//;

/** Health and the API's own documentation are open on every role. */
export function isOpenRoute(request: FastifyRequest): boolean {
  return OPEN_ROUTE.test(routeOf(request) ?? '');
}

/** Basic credentials from a list of `name:password` pairs; health and documentation stay open. */
export class BasicAuthenticator extends RequestAuthenticator {
  private readonly accepted: BasicCredentials[];

  constructor(
    pairs: string,
    private readonly isOpen: (request: FastifyRequest) => boolean = () => false,
  ) {
    super();
    this.accepted = credentialPairs(pairs);
  }

  authenticate(request: FastifyRequest): void {
    if (isOpenRoute(request) || this.isOpen(request)) return;
    const given = basicCredentials(request.headers.authorization);
    // Every pair is compared, so that the time taken does not tell which name exists.
    const matches = this.accepted.filter(
      (pair) => sameSecret(pair.password, given?.password ?? '') && sameSecret(pair.name, given?.name ?? ''),
    );
    if (!given || matches.length === 0) throw commonError(CommonErrorId.Unauthorized);
  }
}

/** Splits a setting of the form `name:password,name:password`. */
export function credentialPairs(pairs: string): BasicCredentials[] {
  return pairs.split(',').map((pair) => {
    const [name = '', ...rest] = pair.trim().split(':');
    return { name, password: rest.join(':') };
  });
}
