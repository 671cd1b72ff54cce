import { addBodyParser, bodyText, CommonErrorId, commonError, routeOf } from '@level-one/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Ten thousand payees, or five thousand rules. */
const LIST_BYTES_MAX = 2 * 1024 * 1024;
const CSV_ROUTE = /\/bulkPayments$/;
const LIST_ROUTE = /\/(bulkPayments|feeRules|limitRules)(\/check)?$/;

/** Some routes take long lists; those of payees may come as CSV. */
export function acceptLists(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    if (LIST_ROUTE.test(route.url)) route.bodyLimit = LIST_BYTES_MAX;
  });
  addBodyParser(app, 'text/csv', (request, bytes) => {
    if (CSV_ROUTE.test(routeOf(request) ?? '')) return bodyText(request, bytes);
    throw commonError(CommonErrorId.UnsupportedMediaType);
  });
}
