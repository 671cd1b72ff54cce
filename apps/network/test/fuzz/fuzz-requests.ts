import type { CallerKind, RoleName } from '@level-one/platform';
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { credentialsFor } from '../../src/plan/credentials.js';
import { examplesAt } from '../../src/pages/examples.js';
import type { DfspName, InstancePlan, NetworkPlan } from '../../src/plan/topology.js';
import { type FuzzedBody, hostileBodies, hostileText } from './fuzz-bodies.js';
import type { KnownValues } from './fuzz-known-values.js';

type Schema = Record<string, any>;

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  example?: unknown;
  schema?: Schema;
}

interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema?: Schema; example?: unknown; examples?: Record<string, Schema> }> };
  'x-callers'?: CallerKind[];
}

/** What a role says of itself. */
interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

/** A route of a running role, as its document describes it. */
export interface FuzzedRoute {
  role: RoleName;
  dfsp: DfspName | null;
  method: string;
  path: string;
  parameters: Parameter[];
  /** Bodies that its document shows, or one made from its schema. */
  bodies: unknown[];
  takesBody: boolean;
  /** `name:password`, or null for none, of those who may call it. */
  credentials: (string | null)[];
}

export interface FuzzedRequest {
  route: FuzzedRoute;
  /** Mostly that of the route. */
  method: string;
  /** Path and query, encoded. */
  target: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
}

const DEPTH_MAX = 6;

/** A value that fits a schema, as far as the schema tells. */
function valueOf(document: ApiDocument, schema: Schema = {}, depth = 0): unknown {
  if (schema['example'] !== undefined) return schema['example'];
  if (schema['default'] !== undefined) return schema['default'];
  if (depth > DEPTH_MAX) return null;
  const name = /^#\/components\/schemas\/(.+)$/.exec(schema['$ref'] ?? '')?.[1];
  if (name !== undefined) return valueOf(document, document.components?.schemas?.[name], depth + 1);
  const parts = schema['allOf'] ?? schema['oneOf'] ?? schema['anyOf'];
  if (parts) return valueOf(document, parts[0], depth + 1);
  if (schema['enum']) return schema['enum'][0];
  if (schema['type'] === 'array') return [valueOf(document, schema['items'], depth + 1)];
  if (schema['type'] === 'object' || schema['properties']) {
    const members = Object.entries<Schema>(schema['properties'] ?? {});
    return Object.fromEntries(members.map(([member, of]) => [member, valueOf(document, of, depth + 1)]));
  }
  if (schema['type'] === 'number' || schema['type'] === 'integer') return schema['minimum'] ?? 1;
  if (schema['type'] === 'boolean') return true;
  return 'x';
}

function bodiesOf(document: ApiDocument, { requestBody }: Operation): unknown[] {
  return Object.values(requestBody?.content ?? {}).flatMap(({ schema, example, examples }) => {
    const shown = Object.values(examples ?? {}).map(({ value }) => value as unknown);
    const given = example === undefined ? shown : [example, ...shown];
    return given.length > 0 ? given : [valueOf(document, schema)];
  });
}

/** Holders of ledgers' accounts. */
const CENTRAL_ACCOUNTS = ['admin:admin', 'admin:admin', 'dfsp1:dfsp1'];
const ACCOUNTS = ['admin:admin', 'admin:admin', 'admin:admin', 'alice:alice'];

function credentialsOf(
  plan: NetworkPlan,
  role: RoleName,
  dfsp: DfspName | null,
  callers: readonly CallerKind[],
): (string | null)[] {
  return callers.flatMap((caller) => {
    if (caller === 'account') return role === 'central-ledger' ? CENTRAL_ACCOUNTS : ACCOUNTS;
    if (caller === 'dfsp') return [role === 'central-directory' ? 'dfsp1:dfsp1' : null];
    return [credentialsFor(plan, { role, dfsp }, caller) ?? null];
  });
}

/**
 * The generated document: one made here would show empty bodies, as the tests' compiler does not collect what stands in
 * DTOs. URLs in its examples are those of this network.
 */
function documentOf(role: RoleName, portBase: number): ApiDocument {
  const text = readFileSync(new URL(`../../../../docs/openapi/${role}.json`, import.meta.url), 'utf8');
  // A DFSP that takes back the key by which it signs is refused everywhere from then on, and nothing gets far.
  const harmless = text.replaceAll('dfsp1-2026', 'spare-2026');
  return JSON.parse(examplesAt(portBase)?.(harmless) ?? harmless) as ApiDocument;
}

/** Every route that a role describes, its aliases too. */
export function routesOf(plan: NetworkPlan, { role, dfsp }: Pick<InstancePlan, 'role' | 'dfsp'>): FuzzedRoute[] {
  const document = documentOf(role, plan.portBase);
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      role,
      dfsp,
      method: method.toUpperCase(),
      path,
      parameters: operation.parameters ?? [],
      bodies: bodiesOf(document, operation),
      takesBody: operation.requestBody !== undefined,
      credentials: credentialsOf(plan, role, dfsp, operation['x-callers'] ?? []),
    })),
  );
}

/** What a path or a query may hold that a library would not write. */
const ENCODED = [
  '%00',
  'a%00b',
  '%FF',
  '%zz',
  '%',
  '%252e%252e',
  '%2e%2e%2fx',
  '%ED%A0%80',
  '%C0%AE',
  'a;b=c',
  "'",
  '*',
  'x'.repeat(1_500),
];

/** A URL carries no half of a surrogate pair. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Cs}/gu, '?');
}

const hostileSegment = fc.oneof(
  fc.constantFrom(...ENCODED),
  hostileText.map((text) => encodeURIComponent(wellFormed(text)).slice(0, 3_000)),
);

/** Of people and accounts that the demo network has, for parameters whose example is another. */
const GOOD_VALUES: Record<string, string> = {
  account: 'alice',
  identifier: '78956562',
  name: 'alice',
  receiver: '26547070',
  shortName: 'dfsp1',
  transferType: 'p2p',
  userNumber: '78956562',
};

function goodValue({ example, schema, name }: Parameter, known: KnownValues): fc.Arbitrary<string> {
  const value: unknown = example ?? schema?.['example'] ?? schema?.['enum']?.[0] ?? name;
  const shown = fc.constantFrom(...new Set([value, GOOD_VALUES[name] ?? value].map(String)));
  const there = known.inPlaceOf(name, value);
  const good = there.length === 0 ? shown : fc.oneof(shown, { weight: 3, arbitrary: fc.constantFrom(...there) });
  return good.map(encodeURIComponent);
}

function parameterValue(parameter: Parameter, known: KnownValues): fc.Arbitrary<string> {
  return fc.oneof(goodValue(parameter, known), { weight: 2, arbitrary: hostileSegment });
}

function pathOf(route: FuzzedRoute, known: KnownValues, isWrong: boolean): fc.Arbitrary<string> {
  const inPath = route.parameters.filter((parameter) => parameter.in === 'path');
  const valueIn = isWrong ? parameterValue : goodValue;
  return fc
    .tuple(...inPath.map((parameter) => valueIn(parameter, known)))
    .map((values) =>
      inPath.reduce((path, { name }, index) => path.replace(`{${name}}`, () => values[index] ?? ''), route.path),
    );
}

const ODD_QUERIES = [
  '',
  '&',
  '=',
  '__proto__=x',
  'constructor=x&constructor=y',
  'a[]=1',
  'a[b]=c',
  '%=1',
  'a=1&'.repeat(500),
];

/** Of the parameters those that have to be there or that the document shows; now and then fewer. */
function goodQuery(inQuery: Parameter[], known: KnownValues): fc.Arbitrary<string> {
  const usual = inQuery.filter(({ required, example, schema }) => required ?? example ?? schema?.['example']);
  const pairs = usual.map((parameter) => goodValue(parameter, known).map((value) => `${parameter.name}=${value}`));
  return fc
    .tuple(...pairs)
    .chain((all) => fc.oneof({ weight: 3, arbitrary: fc.constant(all) }, fc.subarray(all)))
    .map((some) => some.join('&'));
}

function queryOf(route: FuzzedRoute, known: KnownValues, isWrong: boolean): fc.Arbitrary<string> {
  const inQuery = route.parameters.filter((parameter) => parameter.in === 'query');
  if (!isWrong) return goodQuery(inQuery, known);
  const pairs = inQuery.map((parameter) =>
    fc.oneof(
      { weight: 6, arbitrary: parameterValue(parameter, known).map((value) => `${parameter.name}=${value}`) },
      { weight: 2, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: hostileSegment.map((value) => `${parameter.name}=1&${parameter.name}=${value}`) },
      { weight: 1, arbitrary: hostileSegment.map((value) => `${parameter.name}[a]=${value}`) },
    ),
  );
  const usual = fc.tuple(...pairs).map((parts) => parts.filter(Boolean).join('&'));
  const odd = fc.oneof(
    fc.constantFrom(...ODD_QUERIES),
    fc.tuple(hostileSegment, hostileSegment).map(([name, value]) => `${name}=${value}`),
  );
  return fc.oneof({ weight: inQuery.length > 0 ? 9 : 4, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

const HEADER_NAMES = [
  'accept',
  'accept-encoding',
  'content-digest',
  'expect-ct',
  'initiator',
  'if-none-match',
  'l1p-from-dfsp',
  'l1p-trace-id',
  'l1p-hop',
  'l1p-payment-id',
  'origin',
  'range',
  'signature',
  'signature-input',
  'traceparent',
  'x-forwarded-for',
  'x-http-method-override',
];

/** A header carries Latin-1 without control characters; anything else no HTTP library sends. */
function headerValue(text: string): string {
  return text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 4_000);
}

const hostileHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.tuple(fc.constantFrom(...HEADER_NAMES), hostileText), { minLength: 1, maxLength: 3 })
      .map((some) => Object.fromEntries(some.map(([name, text]) => [name, headerValue(text)]))),
  },
);

const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;

const BAD_AUTHORIZATIONS = [
  basic('admin:wrong'),
  basic('nobody:nothing'),
  basic('alice:alice'),
  basic('dfsp2:dfsp2'),
  basic('no colon'),
  basic(':'),
  basic('a\u0000b:c'),
  basic(`${'x'.repeat(3_000)}:y`),
  'Basic',
  'Basic !!!!',
  'Bearer a.b.c',
  `Bearer ${'x'.repeat(3_000)}`,
  'Digest username="x"',
  'x',
];

const badLogin: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...BAD_AUTHORIZATIONS).map((text) => ({ authorization: text })) },
  { weight: 1, arbitrary: fc.constant({}) },
);

function goodLogin({ credentials }: FuzzedRoute): fc.Arbitrary<Record<string, string>> {
  return fc
    .constantFrom(...(credentials.length > 0 ? credentials : [null]))
    .map((one): Record<string, string> => (one === null ? {} : { authorization: basic(one) }));
}

function goodBody({ takesBody }: FuzzedRoute, bodies: readonly unknown[]): fc.Arbitrary<FuzzedBody | undefined> {
  if (!takesBody) return fc.constant(undefined);
  return fc
    .constantFrom(...bodies)
    .map((body) => ({ bytes: Buffer.from(JSON.stringify(body)), headers: { 'content-type': 'application/json' } }));
}

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/i;

/** The same request about something else: the id of the example becomes a new one, wherever it stands. */
export function about(id: string, request: FuzzedRequest): FuzzedRequest {
  // Latin-1 keeps every byte as it is.
  const text = request.body?.toString('latin1');
  const known = UUID.exec(request.target)?.[0] ?? UUID.exec(text ?? '')?.[0];
  if (known === undefined) return request;
  const body = text === undefined ? undefined : Buffer.from(text.replaceAll(known, id), 'latin1');
  return { ...request, target: request.target.replaceAll(known, id), body };
}

/** What may be wrong with a request. */
type Part = 'method' | 'path' | 'query' | 'headers' | 'login' | 'body';
const PARTS: Part[] = ['method', 'path', 'query', 'headers', 'login', 'body'];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];

function partsOf(route: FuzzedRoute): fc.Arbitrary<readonly Part[]> {
  const inPath = route.parameters.some((parameter) => parameter.in === 'path');
  const inQuery = route.parameters.some((parameter) => parameter.in === 'query');
  return fc.oneof(
    { weight: route.takesBody ? 12 : 1, arbitrary: fc.constant<Part[]>(['body']) },
    { weight: inPath ? 4 : 0, arbitrary: fc.constant<Part[]>(['path']) },
    { weight: inQuery ? 4 : 1, arbitrary: fc.constant<Part[]>(['query']) },
    { weight: 1, arbitrary: fc.constant<Part[]>(['headers']) },
    { weight: 1, arbitrary: fc.constant<Part[]>(['login']) },
    { weight: 1, arbitrary: fc.constant<Part[]>(['method']) },
    { weight: 5, arbitrary: fc.constant<Part[]>([]) },
    { weight: 2, arbitrary: fc.subarray<Part>(PARTS) },
  );
}

/** Requests of one route, most of them wrong in one respect. */
function requestsOf(route: FuzzedRoute, known: KnownValues): fc.Arbitrary<FuzzedRequest> {
  const bodies = route.bodies.flatMap((body) => [body, known.filledInto(body), known.filledInto(body)]);
  const some = partsOf(route).chain((parts) => {
    const isWrong = (part: Part): boolean => parts.includes(part);
    return fc.tuple(
      isWrong('method') ? fc.constantFrom(...METHODS) : fc.constant(route.method),
      pathOf(route, known, isWrong('path')),
      queryOf(route, known, isWrong('query')),
      isWrong('headers') ? hostileHeaders : fc.constant({}),
      isWrong('login') ? badLogin : goodLogin(route),
      isWrong('body') ? hostileBodies(bodies) : goodBody(route, bodies),
    );
  });
  const fresh = route.takesBody ? fc.option(fc.uuid(), { freq: 1 }) : fc.constant(null);
  return fc.tuple(some, fresh).map(([[method, path, query, headers, login, body], id]) => {
    const target = query === '' ? path : `${path}?${query}`;
    const request = { route, method, target, headers: { ...headers, ...body?.headers, ...login }, body: body?.bytes };
    return id === null ? request : about(id, request);
  });
}

/** Some requests, of which many are about what exists; the same ones for the same seed and the same known values. */
export function fuzzedRequests(
  routes: readonly FuzzedRoute[],
  known: KnownValues,
  { seed, count }: { seed: number; count: number },
): FuzzedRequest[] {
  const weight = ({ takesBody, parameters }: FuzzedRoute): number => 1 + (takesBody ? 8 : 0) + 2 * parameters.length;
  const each = fc.oneof(...routes.map((route) => ({ weight: weight(route), arbitrary: requestsOf(route, known) })));
  return fc.sample(each, { seed, numRuns: count });
}
