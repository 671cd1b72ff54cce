import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { ServiceName } from '../roles/identity.js';
import { linkErrors } from './errors-page.js';
import { groupRoutes, orderGroups } from './groups.js';
import { markAliases, nameOperations, servedRoutes, shareErrors } from './routes.js';
import { nameCallers, nameCredentials } from './security.js';

/** PORT_BASE of the network in the examples. */
export const EXAMPLES_PORT_BASE = 3000;

/** Rewrites examples, given as JSON text, for another network. */
export type MoveExamples = (json: string) => string;

export interface ApiDescription {
  role: ServiceName;
  /** Text about the names and passwords that this role accepts. */
  credentials: string;
  title: string;
  description: string;
  /** Where the page with every error id is, as seen from the document. */
  errorsPage: string;
  /** For a demo network with another PORT_BASE than the examples. */
  moveExamples?: MoveExamples | undefined;
  /** For a demo network: preset credentials of Swagger UI. */
  demoLogin?: { name: string; password: string } | undefined;
}

/** The OpenAPI document of one role, served at `/docs-json` and stored in `docs/openapi`. */
export function openApiDocument(
  app: INestApplication,
  { role, title, description, credentials, errorsPage, moveExamples }: ApiDescription,
): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle(title)
    .setDescription(description)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('.', 'where this document is')
    .addBasicAuth({ type: 'http', scheme: 'basic', description: credentials }, 'basic')
    .addBearerAuth({ type: 'http', scheme: 'bearer' }, 'bearer')
    .build();
  // Tags of the decorators only: with that of its class a route would appear twice in Swagger UI.
  const document = SwaggerModule.createDocument(app, config, { autoTagControllers: false });
  const routes = servedRoutes(document);
  nameCallers(routes, role);
  nameCredentials(document, routes, role);
  markAliases(routes);
  linkErrors(routes, errorsPage);
  shareErrors(routes);
  groupRoutes(routes, role);
  orderGroups(document, routes);
  nameOperations(routes);
  if (!moveExamples) return document;
  const { paths, components = {} } = document;
  return { ...document, ...(JSON.parse(moveExamples(JSON.stringify({ paths, components }))) as object) };
}
