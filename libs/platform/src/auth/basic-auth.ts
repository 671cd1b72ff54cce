import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { isStorable } from '../input/input-gate.js';

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

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
    const text = UTF_8.decode(bytes);
    return isStorable(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Writes `Authorization: Basic …`. */
export function basicAuthorization(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

/** By which secrets of any lengths are compared with `timingSafeEqual`. */
export function secretDigest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/**
 * The pattern of the route that will answer, or undefined when none does. Who may call is decided by it and never by
 * the URL as it was written: a caller can spell one path in many ways (`/v1/x#/health`).
 */
export function routeOf(request: FastifyRequest): string | undefined {
  return request.routeOptions.url;
}

/** Splits a setting of the form `name:password,name:password`. */
export function credentialPairs(pairs: string): BasicCredentials[] {
  return pairs.split(',').map((pair) => {
    const [name = '', ...rest] = pair.trim().split(':');
    return { name, password: rest.join(':') };
  });
}
