import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROW = /^\| ([\d, ]+) +\| ([^|]+)\|/;
const ID = /`([A-Za-z]+)`/g;

/** Every error id of docs/contract/errors.md with the statuses that it may have. */
export function readErrorIds(root: string): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const line of readFileSync(join(root, 'docs/contract/errors.md'), 'utf8').split('\n')) {
    const [, statuses = '', ids = ''] = ROW.exec(line) ?? [];
    for (const [, id = ''] of ids.matchAll(ID)) {
      const known = found.get(id) ?? new Set<number>();
      for (const status of statuses.split(',')) known.add(Number(status));
      found.set(id, known);
    }
  }
  return found;
}
