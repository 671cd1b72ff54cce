import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { refuseOtherSites } from '../sessions/cross-site.js';
import type { ConsoleSettings } from '../console.settings.js';
import { SPANS_BYTES_MAX, SPANS_PATH } from '../traces/spans.controller.js';

/** Scripts and everything else come from the console itself; styles may be in elements, where the components put them. */
const SECURITY_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'geolocation=(), microphone=(), payment=()',
};

/** Swagger UI has scripts of its own in its page. */
const DOCS = /^\/docs(-json|-yaml)?(\/|\?|$)/;

/** Headers of every answer, the length of spans, and the files of the page. */
export function prepareConsoleServer(app: NestFastifyApplication, settings: ConsoleSettings): void {
  const fastify = app.getHttpAdapter().getInstance();
  refuseOtherSites(fastify, settings);
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!DOCS.test(request.raw.url ?? '')) void reply.headers(SECURITY_HEADERS);
    done();
  });
  fastify.addHook('onRoute', (route) => {
    if (route.url === SPANS_PATH) route.bodyLimit = SPANS_BYTES_MAX;
  });
  // It only gives replies `sendFile`; the controller decides what is sent. The build has compressed the files already.
  const { webFolder: root } = settings;
  void fastify.register(fastifyStatic, { root, serve: false, cacheControl: false, preCompressed: true });
}
