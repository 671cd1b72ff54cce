import { atOnce, type Steps } from '@level-one/work';
import { createHash, type Hash } from 'node:crypto';

/** JSON with the members of every object in one order, and without those that are undefined. */
export function canonicalJson(value: unknown): string {
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
  return atOnce(fingerprintSteps(content));
}

/** The same in steps, for a request with long lists. */
export function* fingerprintSteps(content: Record<string, unknown>): Steps<string> {
  const hash = createHash('sha256').update('{');
  let separator = '';
  for (const [name, member] of Object.entries(content).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (member === undefined) continue;
    hash.update(`${separator}${JSON.stringify(name)}:`);
    separator = ',';
    if (Array.isArray(member)) yield* addList(hash, member);
    else hash.update(canonicalJson(member));
  }
  return hash.update('}').digest('hex');
}

function* addList(hash: Hash, list: readonly unknown[]): Steps<void> {
  hash.update('[');
  for (const [index, element] of list.entries()) {
    hash.update(`${index === 0 ? '' : ','}${canonicalJson(element ?? null)}`);
    yield;
  }
  hash.update(']');
}
