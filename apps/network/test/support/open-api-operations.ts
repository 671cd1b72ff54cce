import type { CallerKind } from '@level-one/platform';

/** One operation of a role's OpenAPI document. */
export interface Operation {
  method: string;
  /** With its parameters as `{name}`. */
  path: string;
  callers: readonly CallerKind[];
  security: readonly Record<string, unknown>[] | undefined;
  /** A body in JSON; undefined where none is an object. */
  example: Record<string, unknown> | undefined;
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch']);

interface Schema {
  $ref?: string;
  example?: unknown;
  properties?: Record<string, Schema>;
  allOf?: Schema[];
  oneOf?: Schema[];
}

interface Body {
  schema?: Schema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

interface Document {
  paths: Record<string, Record<string, Record<string, unknown>>>;
  components?: { schemas?: Record<string, Schema> };
}

/** What a running role says of itself at `/docs-json`. */
export async function openApiOperations(baseUrl: string): Promise<Operation[]> {
  const answer = await fetch(`${baseUrl}/docs-json`);
  const document = (await answer.json()) as Document;
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        callers: operation['x-callers'] as CallerKind[],
        security: operation['security'] as Operation['security'],
        example: exampleOf(operation['requestBody'] as { content?: Record<string, Body> } | undefined, document),
      })),
  );
}

function exampleOf(request: { content?: Record<string, Body> } | undefined, document: Document): Operation['example'] {
  const body = request?.content?.['application/json'];
  if (!body) return undefined;
  const given = body.example ?? Object.values(body.examples ?? {})[0]?.value ?? madeFrom(body.schema ?? {}, document);
  return typeof given === 'object' && given !== null && !Array.isArray(given)
    ? (given as Record<string, unknown>)
    : undefined;
}

function madeFrom({ $ref, example, properties, allOf, oneOf }: Schema, document: Document): unknown {
  if (example !== undefined) return example;
  const other = allOf?.[0] ?? oneOf?.[0];
  if (other) return madeFrom(other, document);
  if ($ref !== undefined) return madeFrom(document.components?.schemas?.[$ref.split('/').at(-1)!] ?? {}, document);
  if (!properties) return undefined;
  const members = Object.entries(properties).map(([name, schema]) => [name, madeFrom(schema, document)] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}
