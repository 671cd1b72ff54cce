import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Ten thousand payees, or five thousand rules. */
const LIST_BYTES_MAX = 2 * 1024 * 1024;
const LIST_ROUTE = /\/(bulkPayments|feeRules|limitRules)(\/check)?$/;

/** Some routes take long lists; those of payees may come as CSV. */
export function acceptLists(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    if (LIST_ROUTE.test(route.url)) route.bodyLimit = LIST_BYTES_MAX;
  });
  fastify.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}
