import { createHash } from 'node:crypto';

/** JSON with the members of every object in one order, and without those that are undefined. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/**
 * Tells whether two requests with one id have the same content. Give it what matters of a request, in one form
 * (amounts in minor units, ids in lower case), so that only a real difference makes another fingerprint.
 */
export function requestFingerprint(content: Record<string, unknown>): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}
