const LENGTH_MAX = 1_024;

/**
 * Scheme, host, port and path as they are written. What is left out is what two programs could read in two ways: user
 * info, backslashes, spaces, control characters, empty segments, a port with zeros in front, query and fragment.
 */
const WRITTEN = /^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[1-9][0-9]{0,4})?((?:\/[^/?#\\\s\p{C}]+)*\/?)$/iu;
/** Slash, backslash, dot, percent sign and control characters have no business to be encoded; nor has half a code. */
const BAD_ENCODING = /%(?:2f|5c|2e|25|[01][0-9a-f]|7f)|%(?![0-9a-f]{2})/i;
/** A version at the end of a base URL, beside which SPSP servers keep their older paths. */
const VERSION = /\/v1$/;
const OLDER_PATH = /^\/(?:invoice\/[^/]+|receiver\/invoice)$/;

/**
 * Reads an http(s) URL that came from outside, in one spelling: scheme and host in lower case, no default port.
 * Undefined for one that could be read in two ways, or that says more than host and path.
 */
export function outsideUrl(text: string): URL | undefined {
  const [, host, path] = (text.length <= LENGTH_MAX && WRITTEN.exec(text)) || [];
  if (host === undefined || path === undefined || BAD_ENCODING.test(path) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  // Other spellings of an address, a dot at the end, and dot segments are what the parser would change.
  const isAsWritten = url.hostname === host.toLowerCase() && url.pathname === (path || '/') && !host.endsWith('.');
  return isAsWritten ? url : undefined;
}

/** A base URL in one spelling, without a slash at the end; undefined for what {@link outsideUrl} does not take. */
export function outsideBaseUrl(text: string): string | undefined {
  return outsideUrl(text)?.href.replace(/\/$/, '');
}

/** Path of a URL below a base URL, from its slash on, compared by whole segments; undefined for one that is not there. */
export function pathBelow(url: URL, baseUrl: string): string | undefined {
  const base = outsideBaseUrl(baseUrl);
  const text = url.href.replace(/\/$/, '');
  if (base === undefined || (text !== base && !text.startsWith(`${base}/`))) return undefined;
  return url.href.slice(base.length);
}

/** A URL below a base URL, older paths of SPSP servers included, as it is below another one; undefined for others. */
export function movedUrl(url: URL, { from, to }: { from: string; to: string }): URL | undefined {
  if (!belongsTo(url, from)) return undefined;
  const path = pathBelow(url, from);
  if (path !== undefined) return new URL(to + path);
  return new URL(to.replace(VERSION, '') + pathBelow(url, from.replace(VERSION, ''))!);
}

/** Whether a URL belongs to a base URL that a DFSP registered, older paths of SPSP servers included. */
export function belongsTo(url: URL, baseUrl: string): boolean {
  if (pathBelow(url, baseUrl) !== undefined) return true;
  const base = outsideBaseUrl(baseUrl);
  if (base === undefined || !VERSION.test(base)) return false;
  const older = pathBelow(url, base.replace(VERSION, ''))?.replace(/\/$/, '');
  return older !== undefined && OLDER_PATH.test(older);
}
