import type { INestApplication } from '@nestjs/common';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { type ApiDescription, openApiDocument } from './openapi.js';

/** What {@link prepare} finds in the browser. */
interface SwaggerUi {
  layoutActions: { show(path: string[], isShown: boolean): void };
  getConfigs(): { demoLogin?: { name: string; password: string } };
  preauthorizeBasic(scheme: string, name: string, password: string): unknown;
}

/**
 * Runs in the browser, once the document is there. Folds the aliases, which are the last group. Who has authorized there
 * before stays who he was.
 */
function prepare(): void {
  const page = globalThis as unknown as { ui: SwaggerUi; localStorage: { getItem(key: string): string | null } };
  page.ui.layoutActions.show(['operations-tag', 'Aliases'], false);
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
      onComplete: prepare,
    },
  });
}
