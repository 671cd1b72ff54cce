import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FOLDER = join(dirname(import.meta.dirname), 'docs', 'openapi');
const ALIASES = 'Aliases';

interface Operation {
  operationId: string;
  tags: string[];
  security: unknown[];
  deprecated?: boolean;
  'x-alias-of'?: string;
  'x-callers': string[];
}

interface Document {
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
}

const documents = readdirSync(FOLDER).map((name) => ({
  role: name.replace('.json', ''),
  document: JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Document,
}));

function operationsOf({ paths }: Document): Operation[] {
  return Object.values(paths).flatMap((item) => Object.values(item));
}

describe.each(documents)('the OpenAPI document of $role', ({ document }) => {
  const operations = operationsOf(document);

  it('has unique operation ids that are valid names in every language', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids.filter((id) => !/^[a-z][a-zA-Z0-9]*$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has every operation in exactly one group', () => {
    const groups = document.tags.map(({ name }) => name);
    expect(groups.filter((name) => !/^[A-Z]/.test(name))).toEqual([]);
    for (const { tags } of operations) {
      expect(tags).toHaveLength(1);
      expect(groups).toContain(tags[0]);
    }
  });

  it('marks aliases as deprecated, in a last group of their own', () => {
    const aliases = operations.filter((operation) => operation['x-alias-of'] !== undefined);
    expect(aliases.filter(({ deprecated, tags }) => deprecated !== true || tags[0] !== ALIASES)).toEqual([]);
    expect(operations.filter(({ deprecated }) => deprecated === true)).toHaveLength(aliases.length);
    const groups = document.tags.map(({ name }) => name);
    expect(groups.includes(ALIASES) ? groups.at(-1) : ALIASES).toBe(ALIASES);
  });

  it('has the credentials of each operation, and none for operations that are open to anyone', () => {
    const isOpen = ({ 'x-callers': callers }: Operation) =>
      callers.every((caller) => caller === 'anyone' || caller === 'dfsp');
    expect(operations.filter(({ security }) => !Array.isArray(security))).toEqual([]);
    expect(operations.filter((operation) => !isOpen(operation) && operation.security.length === 0)).toEqual([]);
  });

  it('is served where its routes are', () => {
    expect(document.servers.map(({ url }) => url)).toEqual(['.']);
  });
});

describe('the OpenAPI document of dfsp-api', () => {
  it('has the routes for channels first', () => {
    const { document } = documents.find(({ role }) => role === 'dfsp-api')!;
    const ofChannels = new Set(
      operationsOf(document).flatMap(({ tags, 'x-callers': callers }) => (callers.includes('channel') ? tags : [])),
    );
    ofChannels.delete(ALIASES);
    const first = document.tags.slice(0, ofChannels.size).map(({ name }) => name);
    expect(first.toSorted()).toEqual([...ofChannels].toSorted());
  });
});
