import {
  addBodyParser,
  CommonErrorId,
  commonError,
  jsonBody,
  jsonBodyWithRecords,
  replacedBodyText,
  routeOf,
} from '@level-one/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

/** 2 MiB: 10,000 payees, or 5,000 rules. */
const LIST_BYTES_MAX = 2 * 1024 * 1024;
const PAYEES_ROUTE = /\/bulkPayments$/;
const LIST_ROUTE = /\/(bulkPayments|feeRules|limitRules)(\/check)?$/;

/** Sets the body limit of the routes that take lists, and accepts CSV for bulk payments. */
export function acceptLists(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    if (LIST_ROUTE.test(route.url)) route.bodyLimit = LIST_BYTES_MAX;
  });
  const isOfPayees = (request: FastifyRequest): boolean => PAYEES_ROUTE.test(routeOf(request) ?? '');
  // What cannot be read, stored or kept is the problem of its row.
  fastify.removeContentTypeParser('application/json');
  addBodyParser(app, 'application/json', (request, bytes) =>
    isOfPayees(request) ? jsonBodyWithRecords('rows', request, bytes) : jsonBody(request, bytes),
  );
  addBodyParser(app, 'text/csv', (request, bytes) => {
    if (isOfPayees(request)) return replacedBodyText(request, bytes);
    throw commonError(CommonErrorId.UnsupportedMediaType);
  });
}
