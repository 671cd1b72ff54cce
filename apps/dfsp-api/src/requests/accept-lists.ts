import { addBodyParser, CommonErrorId, commonError, replacedBodyText, routeOf } from '@level-one/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** 2 MiB: 10,000 payees, or 5,000 rules. */
const LIST_BYTES_MAX = 2 * 1024 * 1024;
const CSV_ROUTE = /\/bulkPayments$/;
const LIST_ROUTE = /\/(bulkPayments|feeRules|limitRules)(\/check)?$/;

/** Sets the body limit of the routes that take lists, and accepts CSV for bulk payments. */
export function acceptLists(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    if (LIST_ROUTE.test(route.url)) route.bodyLimit = LIST_BYTES_MAX;
  });
  addBodyParser(app, 'text/csv', (request, bytes) => {
    // A character that cannot be read or stored is the problem of its row.
    if (CSV_ROUTE.test(routeOf(request) ?? '')) return replacedBodyText(request, bytes);
    throw commonError(CommonErrorId.UnsupportedMediaType);
  });
}
