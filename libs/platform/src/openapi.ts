import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

interface Operation {
  operationId?: string;
  summary?: string;
  [extension: `x-${string}`]: unknown;
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** Paths that one handler serves: the first is PRIMARY, the others are marked as its aliases. */
function markAliases(document: OpenAPIObject): void {
  const primaries = new Map<string, string>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method] as Operation | undefined;
      if (!operation?.operationId) continue;
      const handler = operation.operationId.replace(/\[\d+\]$/, '');
      const primary = primaries.get(handler);
      if (primary === undefined) {
        primaries.set(handler, `${method.toUpperCase()} ${path}`);
        continue;
      }
      operation['x-alias-of'] = primary;
      operation.summary = `Alias of ${primary}`;
    }
  }
}

export interface ApiDescription {
  title: string;
  description: string;
  publicUrl: string;
}

/** The OpenAPI document of one role, as served at `/docs-json` and kept in `docs/openapi`. */
export function openApiDocument(
  app: INestApplication,
  { title, description, publicUrl }: ApiDescription,
): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle(title)
    .setDescription(description)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(publicUrl)
    .addBasicAuth({ type: 'http', scheme: 'basic' }, 'basic')
    .addBearerAuth({ type: 'http', scheme: 'bearer' }, 'bearer')
    .build();
  // Only the tags that controllers give: a route would stand twice in Swagger UI with that of its class.
  const document = SwaggerModule.createDocument(app, config, { autoTagControllers: false });
  markAliases(document);
  return document;
}

/** Serves Swagger UI at `/docs` and the document at `/docs-json`; it is made when first asked for. */
export function serveDocs(app: INestApplication, description: ApiDescription): void {
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup('docs', app, () => (document ??= openApiDocument(app, description)), {
    jsonDocumentUrl: 'docs-json',
    yamlDocumentUrl: 'docs-yaml',
    customSiteTitle: description.title,
    swaggerOptions: { persistAuthorization: true, tagsSorter: undefined, displayRequestDuration: true },
  });
}
