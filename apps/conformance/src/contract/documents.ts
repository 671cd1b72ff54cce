import type { RoleName } from '@level-one/platform';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readErrorIds } from './error-ids.js';

/** What the OpenAPI document of a role says about one route. */
export interface Operation {
  summary?: string;
  parameters?: { name: string; in: string; required?: boolean; schema?: JsonSchema }[];
  requestBody?: { content: Record<string, { schema?: JsonSchema }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema?: JsonSchema }> }>;
  'x-hop'?: readonly string[];
  'x-callers'?: readonly string[];
  'x-alias-of'?: string;
}

export interface JsonSchema {
  $ref?: string;
  type?: string;
  enum?: readonly unknown[];
  properties?: Record<string, JsonSchema>;
  required?: readonly string[];
  oneOf?: readonly JsonSchema[];
  allOf?: readonly JsonSchema[];
  items?: JsonSchema;
  default?: unknown;
  maxLength?: number;
  [keyword: string]: unknown;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema> };
}

/** The contract as the repository has it: the OpenAPI documents and the error ids. */
export class Contract {
  readonly root = rootAbove(import.meta.dirname);
  readonly errorIds = readErrorIds(this.root);
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly documents = new Map<RoleName, Document>();

  constructor() {
    formats.default(this.ajv);
  }

  /** The operation of a primary route such as `PUT /ledger/transfers/{id}`. @throws Error for a route that is not there */
  operation(role: RoleName, route: string): Operation {
    const { method, path } = partsOf(route);
    const operation = this.documentOf(role).paths[path]?.[method];
    if (!operation) throw new Error(`docs/openapi/${role}.json has no ${route}`);
    return operation;
  }

  /** Schema of the JSON body that a route takes; undefined if it takes none. */
  bodySchema(role: RoleName, route: string): JsonSchema | undefined {
    const schema = this.operation(role, route).requestBody?.content['application/json']?.schema;
    return schema && this.resolve(role, schema);
  }

  /** What is wrong with a body that a route is sent; nothing, if it fits. */
  errorsOfRequest(role: RoleName, route: string, body: unknown): string[] {
    const { method, path } = partsOf(route);
    return this.errorsAt(role, ['paths', path, method, 'requestBody', 'content', 'application/json', 'schema'], body);
  }

  /** What is wrong with the body of an answer; nothing, if it fits or the document says nothing of it. */
  errorsOfAnswer(role: RoleName, route: string, status: number, body: unknown): string[] {
    const { method, path } = partsOf(route);
    const schema = this.operation(role, route).responses[String(status)]?.content?.['application/json']?.schema;
    const pointer = ['paths', path, method, 'responses', String(status), 'content', 'application/json', 'schema'];
    return schema ? this.errorsAt(role, pointer, body) : [];
  }

  /** A schema without its outermost reference. */
  resolve(role: RoleName, schema: JsonSchema): JsonSchema {
    if (schema.$ref === undefined) return schema;
    const name = schema.$ref.split('/').at(-1)!;
    return this.resolve(role, this.documentOf(role).components.schemas[name]!);
  }

  /** Base path of a role's primary routes: that of its health. */
  basePath(role: RoleName): string {
    const health = Object.entries(this.documentOf(role).paths).find(
      ([path, { get }]) => path.endsWith('/health') && get && !get['x-alias-of'],
    );
    return health?.[0].replace(/\/health$/, '') ?? '';
  }

  private errorsAt(role: RoleName, pointer: readonly string[], value: unknown): string[] {
    const validate = this.validatorAt(role, pointer);
    return validate(value) ? [] : (validate.errors ?? []).map(textOf);
  }

  private validatorAt(role: RoleName, pointer: readonly string[]): ValidateFunction {
    this.documentOf(role);
    const parts = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
    const key = `${role}.json#/${parts.join('/')}`;
    const found = this.ajv.getSchema(key);
    if (!found) throw new Error(`no schema at ${key}`);
    return found;
  }

  private documentOf(role: RoleName): Document {
    const known = this.documents.get(role);
    if (known) return known;
    const document = JSON.parse(readFileSync(join(this.root, `docs/openapi/${role}.json`), 'utf8')) as Document;
    this.documents.set(role, document);
    this.ajv.addSchema(document, `${role}.json`);
    return document;
  }
}

function partsOf(route: string): { method: string; path: string } {
  const [method = '', path = ''] = route.split(' ');
  return { method: method.toLowerCase(), path };
}

/** One line: which member, and what is wrong with it. */
function textOf({ instancePath, message, params }: ErrorObject): string {
  const member = instancePath === '' ? 'the body' : `\`${instancePath.slice(1).replaceAll('/', '.')}\``;
  const allowed = 'allowedValues' in params ? ` (${(params['allowedValues'] as unknown[]).join(', ')})` : '';
  return `${member} ${message ?? 'is wrong'}${allowed}`;
}

function rootAbove(folder: string): string {
  return existsSync(join(folder, 'docs/openapi')) ? folder : rootAbove(dirname(folder));
}
