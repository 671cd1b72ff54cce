import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ERRORS_PATH, errorsPage } from './errors-page.js';
import { type ApiDescription, openApiDocument } from './openapi.js';

/** The parts of Swagger UI that {@link preparePage} uses. */
interface SwaggerUi {
  layoutActions: { show(path: string[], isShown: boolean): void };
  getConfigs(): { demoLogin?: { name: string; password: string } };
  preauthorizeBasic(scheme: string, name: string, password: string): unknown;
}

/**
 * Runs in the browser when the document is loaded. Folds the aliases, the last group, and authorizes with the demo
 * login unless the browser has stored credentials.
 */
function preparePage(): void {
  const page = globalThis as unknown as { ui: SwaggerUi; localStorage: { getItem(key: string): string | null } };
  page.ui.layoutActions.show(['operations-tag', 'Aliases'], false);
  const { demoLogin } = page.ui.getConfigs();
  const before = page.localStorage.getItem('authorized') ?? '{}';
  if (demoLogin && before === '{}') page.ui.preauthorizeBasic('basic', demoLogin.name, demoLogin.password);
}

/** Viewport element, which the page's template lacks: phones would show the page as wide as a desktop. */
const VIEWPORT = `document.head.insertAdjacentHTML('beforeend', '<meta name="viewport" content="width=device-width, initial-scale=1">');`;

/** Keeps long paths, tables and addresses within the screen of a phone. */
const NARROW = `@media (max-width: 640px) {
  .swagger-ui .wrapper { padding: 0 10px; }
  .swagger-ui .opblock .opblock-summary { flex-wrap: wrap; }
  .swagger-ui .opblock .opblock-summary-path { max-width: 100%; overflow-wrap: anywhere; }
  .swagger-ui .opblock-body, .swagger-ui .table-container { overflow-x: auto; }
  .swagger-ui .dialog-ux .modal-ux { min-width: 0; width: 96vw; }
}`;

/**
 * Serves Swagger UI at `/docs`, the document at `/docs-json`, and the page of errors. The document is created at the first
 * request.
 */
export function serveDocs(app: NestFastifyApplication, description: ApiDescription): void {
  const errors = errorsPage();
  app
    .getHttpAdapter()
    .getInstance()
    .get(ERRORS_PATH, (_request, reply) => reply.type('text/html; charset=utf-8').send(errors));
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
      // Shows `x-callers`.
      showExtensions: true,
      demoLogin: description.demoLogin,
      onComplete: preparePage,
    },
  });
}
