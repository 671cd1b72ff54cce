import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPhoneRoute, PHONE_ROUTES } from './channel-routes.js';

const DOCUMENT = join(import.meta.dirname, '../../../../docs/openapi/dfsp-api.json');
const { paths } = JSON.parse(readFileSync(DOCUMENT, 'utf8')) as {
  paths: Record<string, Record<string, { 'x-callers': string[] }>>;
};
const ofChannels = new Set(
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, operation]) => operation['x-callers'].includes('channel'))
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  ),
);

describe('what a phone may call', () => {
  it.each(PHONE_ROUTES)('is a route of channels: $method $path', ({ method, path }) => {
    expect(ofChannels).toContain(`${method} /v1/${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  });

  it.each([
    ['GET', 'payments'],
    ['GET', 'invoiceFees/http%3A%2F%2F127.0.0.1%3A3203%2Fv1%2Finvoices%2F1/78956562/alice'],
  ])('%s %s is taken', (method, path) => {
    expect(isPhoneRoute(method, path)).toBe(true);
  });

  it.each([
    ['PUT', 'customers/78956562'],
    ['POST', 'bulkPayments'],
    ['GET', 'open'],
    ['GET', 'payments/'],
    ['GET', 'payments/..'],
    ['GET', 'payments/%2e%2e'],
    ['GET', 'payments/.%2e'],
    ['GET', 'invoiceFees/%2E./.%2e/open'],
    ['GET', 'invoiceFees/.%2e/bulkPayments/8d3a1f60-0b5e-4c7a-9f2d-6e1b4a9c0d75'],
    ['PUT', 'invoices/%2e/cancel'],
    ['GET', 'payments/../open'],
    ['GET', 'client/a\\b'],
    ['DELETE', 'payments'],
    ['GET', ''],
  ])('%s %s is not', (method, path) => {
    expect(isPhoneRoute(method, path)).toBe(false);
  });
});
