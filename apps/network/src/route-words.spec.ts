import { describe, expect, it } from '@jest/globals';
import { shownPath } from '@level-one/platform';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCUMENTS = join(import.meta.dirname, '../../../docs/openapi');

/** The console takes part in no payment. */
const paths = readdirSync(DOCUMENTS)
  .filter((file) => file.endsWith('.json') && !file.startsWith('console'))
  .flatMap((file) => {
    const { paths: routes } = JSON.parse(readFileSync(join(DOCUMENTS, file), 'utf8')) as { paths: object };
    return Object.keys(routes);
  });

describe('the paths of all routes', () => {
  it('are readable in traces, but for their parameters', () => {
    const unreadable = paths.filter((path) => shownPath(path) !== path.replaceAll(/\{[^}]*\}/g, '…'));
    expect(paths.length).toBeGreaterThan(50);
    expect(unreadable).toEqual([]);
  });
});
