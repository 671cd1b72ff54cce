import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { type Caller, callersAt, type ServedHop } from './callers.js';
import type { RoleName } from './identity.js';

/** PORT_BASE of the demo network that examples are written for. */
export const EXAMPLES_PORT_BASE = 3000;

interface Operation {
  operationId?: string;
  summary?: string;
  security?: unknown[];
  tags?: string[];
  responses?: Record<string, unknown>;
  [extension: `x-${string}`]: unknown;
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

interface ServedRoute {
  handler: string;
  /** Place of the path among those of its handler; the first one is PRIMARY. */
  index: number;
  /** Method and path. */
  name: string;
  operation: Operation;
}

function servedRoutes(document: OpenAPIObject): ServedRoute[] {
  const routes = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method] as Operation | undefined;
      const [, handler, index = '0'] = /^(.*?)(?:\[(\d+)\])?$/.exec(operation?.operationId ?? '') ?? [];
      if (!operation || !handler) return [];
      return [{ handler, index: Number(index), name: `${method.toUpperCase()} ${path}`, operation }];
    }),
  );
  return routes.toSorted((a, b) => a.index - b.index);
}

/** Full name of a route that a controller, which may not know its base path, calls by the end of its path. */
function fullName(name: string, routes: ServedRoute[]): string {
  const [method, path] = name.split(' ') as [string, string];
  const named = (route: ServedRoute): boolean =>
    route.name.startsWith(`${method} `) && route.name.endsWith(path) && !route.operation['x-alias-of'];
  return routes.find(named)?.name ?? name;
}

/**
 * Marks aliases: of the paths that one handler serves all but the first, and what a controller itself calls an alias.
 */
function markAliases(document: OpenAPIObject): void {
  const routes = servedRoutes(document);
  const primaries = new Map(routes.toReversed().map((route) => [route.handler, route]));
  for (const { handler, name, operation } of routes) {
    const primary = primaries.get(handler)?.name;
    const aliasOf = operation['x-alias-of'] ?? (primary === name ? undefined : primary);
    if (typeof aliasOf !== 'string') continue;
    operation['x-alias-of'] = fullName(aliasOf, routes);
    operation.summary = `Alias of ${operation['x-alias-of'] as string}`;
  }
}

/** Controllers are shared between roles: a route is tagged with those of its hops that end at this role. */
function tagHops(document: OpenAPIObject, role: RoleName): void {
  for (const { operation } of servedRoutes(document)) {
    const hops = operation['x-hop'] as ServedHop[] | undefined;
    if (!hops) continue;
    const own = hops.filter(({ to }) => to.length === 0 || to.includes(role));
    const ids = (own.length > 0 ? own : hops).map(({ id }) => id);
    operation['x-hop'] = ids;
    operation.tags = ids;
  }
}

/** Who may call each route, from its own words or from its hops, which must not be tagged yet. */
function nameCallers(document: OpenAPIObject, role: RoleName): void {
  for (const { operation } of servedRoutes(document)) {
    const callers = operation['x-callers'] as readonly Caller[] | undefined;
    const hops = operation['x-hop'] as readonly ServedHop[] | undefined;
    operation['x-callers'] = callersAt(role, { ...(callers && { callers }), ...(hops && { hops }) });
  }
}

/** An alias answers with the errors of its PRIMARY route, so they are described once. */
function shareErrors(document: OpenAPIObject): void {
  const routes = servedRoutes(document);
  const byName = new Map(routes.map((route) => [route.name, route.operation]));
  for (const { operation } of routes) {
    const primary = byName.get(String(operation['x-alias-of']));
    const errors = Object.entries(primary?.responses ?? {}).filter(([status]) => Number(status) >= 400);
    if (errors.length > 0) operation.responses = { ...Object.fromEntries(errors), ...operation.responses };
  }
}

/** Swagger UI shows the groups in this order: first the steps of the flows, then what stands beside them. */
function orderTags(document: OpenAPIObject): void {
  const operations = servedRoutes(document).map(({ operation }) => operation);
  const tagsOf = (all: Operation[]): string[] => all.flatMap(({ tags = [] }) => tags);
  const steps = tagsOf(operations.filter((operation) => operation['x-hop'])).filter((tag) => !tag.includes('-'));
  document.tags = [...new Set([...steps, ...tagsOf(operations)])].map((name) => ({ name }));
}

/** With which credentials each of the callers comes. */
function securityOf(callers: readonly Caller[], role: RoleName): Record<string, string[]>[] {
  // Other DFSPs sign their requests, but for those to the directory.
  const isOpen = callers.includes('anyone') || (callers.includes('dfsp') && role !== 'central-directory');
  const needsBasic = callers.some((caller) => caller !== 'anyone' && (caller !== 'dfsp' || !isOpen));
  const basic = needsBasic ? [{ basic: [] }] : [];
  const bearer = callers.includes('account') || LEDGER_ROLES.has(role) ? basic.map(() => ({ bearer: [] })) : [];
  return [...(isOpen && needsBasic ? [{}] : []), ...basic, ...bearer];
}

function nameCredentials(document: OpenAPIObject, role: RoleName): void {
  for (const { operation } of servedRoutes(document)) {
    const security = securityOf(operation['x-callers'] as readonly Caller[], role);
    if (security.length > 0) operation.security = security;
    else delete operation.security;
  }
}

/** A role that asks nobody for credentials shows no button for them. */
function dropUnusedAuth(document: OpenAPIObject): void {
  if (servedRoutes(document).some(({ operation }) => operation.security)) return;
  delete document.components?.securitySchemes;
}

/** Rewrites examples, as JSON text, for another network than the one they are written for. */
export type MoveExamples = (json: string) => string;

/** Where accounts may also come with a token. */
const LEDGER_ROLES: ReadonlySet<RoleName> = new Set(['dfsp-ledger', 'central-ledger', 'ledger-adapter']);

export interface ApiDescription {
  role: RoleName;
  /** Which names and passwords work at this role. */
  credentials: string;
  title: string;
  description: string;
  publicUrl: string;
  /** In a demo network that is not where the examples are. */
  moveExamples?: MoveExamples | undefined;
  /** In a demo network, with which Swagger UI is authorized at first. */
  demoLogin?: { name: string; password: string } | undefined;
}

/** The OpenAPI document of one role, as served at `/docs-json` and kept in `docs/openapi`. */
export function openApiDocument(
  app: INestApplication,
  { role, title, description, credentials, publicUrl, moveExamples }: ApiDescription,
): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle(title)
    .setDescription(description)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(publicUrl)
    .addBasicAuth({ type: 'http', scheme: 'basic', description: credentials }, 'basic')
    .addBearerAuth({ type: 'http', scheme: 'bearer' }, 'bearer')
    .build();
  // Only the tags that controllers give: a route would stand twice in Swagger UI with that of its class.
  const document = SwaggerModule.createDocument(app, config, { autoTagControllers: false });
  nameCallers(document, role);
  nameCredentials(document, role);
  tagHops(document, role);
  markAliases(document);
  shareErrors(document);
  orderTags(document);
  dropUnusedAuth(document);
  if (!moveExamples) return document;
  // Not the whole document: the server's URL is real already.
  const { paths, components = {} } = document;
  return { ...document, ...(JSON.parse(moveExamples(JSON.stringify({ paths, components }))) as object) };
}

/** What {@link authorizeFirst} finds in the browser. */
interface SwaggerUi {
  getConfigs(): { demoLogin?: { name: string; password: string } };
  preauthorizeBasic(scheme: string, name: string, password: string): unknown;
}

/** Runs in the browser, once the document is there; who has authorized there before stays who he was. */
function authorizeFirst(): void {
  const page = globalThis as unknown as { ui: SwaggerUi; localStorage: { getItem(key: string): string | null } };
  const { demoLogin } = page.ui.getConfigs();
  const before = page.localStorage.getItem('authorized') ?? '{}';
  if (demoLogin && before === '{}') page.ui.preauthorizeBasic('basic', demoLogin.name, demoLogin.password);
}

/** The page's template has no such element, without which a phone shows it as wide as a desk's screen. */
const VIEWPORT = `document.head.insertAdjacentHTML('beforeend', '<meta name="viewport" content="width=device-width, initial-scale=1">');`;

/** Long paths, tables and addresses stay within a phone's screen. */
const NARROW = `@media (max-width: 640px) {
  .swagger-ui .wrapper { padding: 0 10px; }
  .swagger-ui .opblock .opblock-summary { flex-wrap: wrap; }
  .swagger-ui .opblock .opblock-summary-path { max-width: 100%; overflow-wrap: anywhere; }
  .swagger-ui .opblock-body, .swagger-ui .table-container { overflow-x: auto; }
  .swagger-ui .dialog-ux .modal-ux { min-width: 0; width: 96vw; }
}`;

/** Serves Swagger UI at `/docs` and the document at `/docs-json`; it is made when first asked for. */
export function serveDocs(app: INestApplication, description: ApiDescription): void {
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup('docs', app, () => (document ??= openApiDocument(app, description)), {
    jsonDocumentUrl: 'docs-json',
    yamlDocumentUrl: 'docs-yaml',
    customSiteTitle: description.title,
    customJsStr: VIEWPORT,
    customCss: NARROW,
    swaggerOptions: {
      persistAuthorization: true,
      tagsSorter: undefined,
      displayRequestDuration: true,
      // Who may call an operation stands there.
      showExtensions: true,
      demoLogin: description.demoLogin,
      onComplete: authorizeFirst,
    },
  });
}
