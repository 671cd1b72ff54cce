import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { RoleName } from '../roles/identity.js';
import { groupRoutes, orderGroups } from './groups.js';
import { markAliases, nameOperations, servedRoutes, shareErrors } from './routes.js';
import { nameCallers, nameCredentials } from './security.js';

/** PORT_BASE of the demo network that examples are written for. */
export const EXAMPLES_PORT_BASE = 3000;

/** Rewrites examples, as JSON text, for another network than the one they are written for. */
export type MoveExamples = (json: string) => string;

export interface ApiDescription {
  role: RoleName;
  /** Which names and passwords work at this role. */
  credentials: string;
  title: string;
  description: string;
  /** In a demo network that is not where the examples are. */
  moveExamples?: MoveExamples | undefined;
  /** In a demo network, with which Swagger UI is authorized at first. */
  demoLogin?: { name: string; password: string } | undefined;
}

/** The OpenAPI document of one role, as served at `/docs-json` and kept in `docs/openapi`. */
export function openApiDocument(
  app: INestApplication,
  { role, title, description, credentials, moveExamples }: ApiDescription,
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
  // Only the tags that controllers give: a route would stand twice in Swagger UI with that of its class.
  const document = SwaggerModule.createDocument(app, config, { autoTagControllers: false });
  const routes = servedRoutes(document);
  nameCallers(routes, role);
  nameCredentials(document, routes, role);
  markAliases(routes);
  shareErrors(routes);
  groupRoutes(routes, role);
  orderGroups(document, routes);
  nameOperations(routes);
  if (!moveExamples) return document;
  const { paths, components = {} } = document;
  return { ...document, ...(JSON.parse(moveExamples(JSON.stringify({ paths, components }))) as object) };
}
