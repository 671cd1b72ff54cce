import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROLE_DEFINITIONS } from './definitions.js';

const DOCUMENTS = join(import.meta.dirname, '../../../docs/openapi');
const TIME = /^\d{4}-\d\d-\d\dT/;
const NAME_OF_A_TIME = /(At|_at|Until|_until)$/;

/** Bodies that have a parser of their own, which reads times by `parseTimestamp` too; their specs say so. */
const READ_BY_HAND = new Set(['TransferRequestDto', 'CreateIprDto']);

/** Bodies that add no time to those of the class that they extend. */
const EXTENDS = new Map([['BulkListDto', 'BulkOrderDto']]);

const GOOD = ['2030-01-01T00:00:00.000Z', '2030-01-01T00:00Z', '2030-01-01T02:00:00+02:00'];
const BAD = ['2030-01-01T00:00:00', '2030-01-01', '2030-W01-1', '2030-001', '20300101T000000Z', '2030-02-30T00:00:00Z'];
const ALSO_BAD = ['2030-01-01 00:00:00Z', '2030-01-01T00:00:00 EST', 'Tue, 01 Jan 2030 00:00:00 GMT', '1893456000', ''];

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  example?: unknown;
}

interface Operation {
  parameters?: { in: string; name: string; schema?: Schema; example?: unknown }[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const isTime = (name: string, example: unknown): boolean =>
  NAME_OF_A_TIME.test(name) || (typeof example === 'string' && TIME.test(example));

/** `Class.member` of every time in a schema, and in those that it names. */
function timesIn(schema: Schema, document: Document, owner: string, seen: Set<string>): string[] {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) {
    if (seen.has(name)) return [];
    seen.add(name);
    return timesIn(document.components.schemas[name]!, document, name, seen);
  }
  const { allOf = [], oneOf = [], anyOf = [], items, properties = {} } = schema;
  const own = Object.entries(properties).flatMap(([member, value]) => [
    ...(isTime(member, value.example) ? [`${owner}.${member}`] : []),
    ...timesIn(value, document, owner, seen),
  ]);
  const parts = [...allOf, ...oneOf, ...anyOf, ...(items ? [items] : [])];
  return [...own, ...parts.flatMap((part) => timesIn(part, document, owner, seen))];
}

function timesOf(document: Document): { ofBodies: string[]; ofQueries: string[] } {
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
  const schemas = operations.flatMap(({ requestBody }) => Object.values(requestBody?.content ?? {}));
  const seen = new Set<string>();
  const ofBodies = schemas.flatMap(({ schema = {} }) => timesIn(schema, document, '', seen));
  const ofQueries = operations
    .flatMap(({ parameters = [] }) => parameters)
    .filter(({ in: place, name, example, schema }) => place === 'query' && isTime(name, example ?? schema?.example))
    .map(({ name }) => name);
  return { ofBodies, ofQueries };
}

const documents = readdirSync(DOCUMENTS)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(join(DOCUMENTS, file), 'utf8')) as Document);

/** Rules of every class that class-validator knows; the definitions of the roles bring all of them. */
const classes = [
  ...(
    getMetadataStorage() as unknown as { validationMetadatas: Map<new () => object, unknown> }
  ).validationMetadatas.keys(),
];

function refuses(of: new () => object, member: string, value: string): boolean {
  const instance = plainToInstance(of, { [member]: value });
  return validateSync(instance).some(({ property }) => property === member);
}

describe('field L: every time of a request', () => {
  const bodies = new Set(documents.flatMap((document) => timesOf(document).ofBodies));
  const members = [...bodies]
    .map((name) => name.split('.') as [string, string])
    .filter(([owner]) => !READ_BY_HAND.has(owner));
  const queries = classes.flatMap((of) =>
    [...new Set(documents.flatMap((document) => timesOf(document).ofQueries))]
      .filter((name) => /Query/.test(of.name) && refuses(of, name, 'x') && !refuses(of, name, GOOD[0]!))
      .map((name) => [of.name, name] as [string, string]),
  );

  it('is found', () => {
    expect(Object.keys(ROLE_DEFINITIONS)).toHaveLength(13);
    expect([...bodies]).toEqual(expect.arrayContaining(['MerchantInvoiceDto.expiresAt', 'GraceRequestDto.open_until']));
    expect(queries).toEqual(expect.arrayContaining([['StatementQueryDto', 'from']]));
  });

  it.each([...members, ...queries])('%s.%s has a zone, and one form', (owner, member) => {
    const of = classes.filter(({ name }) => name === (EXTENDS.get(owner) ?? owner));
    expect(of.length).toBeGreaterThan(0);
    for (const one of of) {
      expect(GOOD.filter((value) => refuses(one, member, value))).toEqual([]);
      expect([...BAD, ...ALSO_BAD].filter((value) => !refuses(one, member, value))).toEqual([]);
    }
  });
});
