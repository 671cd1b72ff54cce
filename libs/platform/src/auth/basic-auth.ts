import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { isStorable } from '../input/input-gate.js';

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface BasicCredentials {
  name: string;
  password: string;
}

/** Parses `Authorization: Basic …`. @returns undefined if it is not of that form. */
export function basicCredentials(header: string | undefined): BasicCredentials | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(header ?? '')?.[1];
  if (!encoded) return undefined;
  const text = textOf(Buffer.from(encoded, 'base64'));
  if (text === undefined) return undefined;
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Undefined if the bytes are not UTF-8 or cannot be stored, so that no name or password matches them. */
function textOf(bytes: Buffer): string | undefined {
  try {
    const text = UTF_8.decode(bytes);
    return isStorable(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Formats `Authorization: Basic …`. */
export function basicAuthorization(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

/** SHA-256 of a secret, so that secrets of different lengths can be compared with `timingSafeEqual`. */
export function secretDigest(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/**
 * Pattern of the matched route; undefined without one. Authorization uses it and never the URL, because one path can be
 * spelled in many ways (`/v1/x#/health`).
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
