import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const textOf = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8');

it('every open state of every role has plain words at the console, and no others have', () => {
  const states = [...textOf('docs/open-states.md').matchAll(/^\| ([a-z-]+) \| `(\w+)` \|/gm)].map(
    ([, kind, state]) => `${kind} ${state}`,
  );
  const worded = [...textOf('apps/console/web/src/texts/en-open.ts').matchAll(/^ {2}'([a-z-]+ \w+)': \{/gm)].map(
    ([, key]) => key,
  );
  expect(states.length).toBeGreaterThan(20);
  expect([...new Set(states)].toSorted()).toEqual(worded.toSorted());
});
