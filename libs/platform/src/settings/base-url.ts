import { ValidateBy } from 'class-validator';
import { isIP, isIPv6 } from 'node:net';

/** Labels of a host name; names of containers and services have underscores too. */
const HOST_NAME = /^(?=.{1,253}$)[A-Za-z0-9_]([\w-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([\w-]{0,61}[A-Za-z0-9_])?)*\.?$/;
/** Addresses that stand for all of a machine: a role can listen there, and nobody can call it there. */
const EVERY_ADDRESS = /^(0\.0\.0\.0|::|0:0:0:0:0:0:0:0)$/;

/** What is wrong with the base URL of a role; undefined if it can be used. */
export function baseUrlProblem(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return 'must be an http:// or https:// URL';
  const { protocol, hostname, search, hash, username, password } = new URL(value);
  if (protocol !== 'http:' && protocol !== 'https:') return 'must be an http:// or https:// URL';
  if (username !== '' || password !== '') return 'must not have a name or a password in it';
  if (search !== '' || hash !== '' || /[?#\s]/.test(value)) return 'must not have a query, a fragment or a space in it';
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (EVERY_ADDRESS.test(host)) return `must name an address at which others reach the role; nobody can call ${host}`;
  return isHost(host) ? undefined : 'must have the name or the IP address of a host';
}

/** Whether a text is a host name or an IP address, without brackets. */
export function isHost(text: string): boolean {
  return isIP(text) !== 0 || HOST_NAME.test(text);
}

/** URL of a role that listens at a host and a port; undefined as long as these are no host and port. */
export function urlAt(host: unknown, port: unknown): string | undefined {
  if (typeof host !== 'string' || !isHost(host) || typeof port !== 'number') return undefined;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** A setting that is the base URL of a role: with or without a path, without query and fragment. */
export function IsBaseUrl(): PropertyDecorator {
  return ValidateBy({
    name: 'isBaseUrl',
    validator: {
      validate: (value: unknown) => baseUrlProblem(value) === undefined,
      defaultMessage: (args) => baseUrlProblem(args?.value) ?? '',
    },
  });
}

/** A setting that is an address to listen on. */
export function IsHost(): PropertyDecorator {
  return ValidateBy({
    name: 'isHost',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isHost(value),
      defaultMessage: () => 'must be a host name or an IP address without brackets',
    },
  });
}
