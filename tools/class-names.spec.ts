import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const TEST = /\.(spec|db-spec|e2e-spec|fixture)\.ts$/;

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => /^(apps|libs)\/[^/]+\/src\/.*\.ts$/.test(path) && !TEST.test(path));
}

describe('names of exported classes', () => {
  const filesByName = new Map<string, string[]>();
  for (const file of ['apps', 'libs'].flatMap((folder) => sourcesBelow(folder))) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/^export (?:abstract )?class (\w+)/gm)) {
      filesByName.set(name, [...(filesByName.get(name) ?? []), file]);
    }
  }

  it('are unique in the repository', () => {
    expect([...filesByName].filter(([, files]) => files.length > 1)).toEqual([]);
  });

  it('are found at all', () => {
    expect(filesByName.get('SpspClientInvoicesController')).toHaveLength(1);
  });
});
