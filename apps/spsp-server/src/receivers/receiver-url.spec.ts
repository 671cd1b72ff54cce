import { describe, expect, it } from '@jest/globals';
import { paymentTargetOf } from './receiver-url.js';

const OWN = 'http://dfsp2.test:3203';

describe('a receiver URL', () => {
  it.each([
    ['/v1/receivers/26547070', { identifier: '26547070' }],
    ['/v1/receivers/%2B12025550123', { identifier: '+12025550123' }],
    ['/v1/invoices/12345', { invoiceId: '12345' }],
    ['/v1/invoice/12345', { invoiceId: '12345' }],
    ['/invoice/12345', { invoiceId: '12345' }],
    ['/v1/receivers/invoices/12345', { invoiceId: '12345' }],
  ])('is read in each of its spellings: %s', (path, target) => {
    expect(paymentTargetOf(OWN + path, OWN)).toEqual(target);
  });

  it('is read behind a path of a reverse proxy', () => {
    const own = `${OWN}/dfsp2`;
    expect(paymentTargetOf(`${own}/v1/receivers/1`, own)).toEqual({ identifier: '1' });
    expect(() => paymentTargetOf(`${OWN}/v1/receivers/1`, own)).toThrow('Invalid receiver ID');
  });

  it.each([
    ['another host', 'http://dfsp1.test:3203/v1/receivers/1'],
    ['another port', 'http://dfsp2.test:3204/v1/receivers/1'],
    ['another scheme', 'https://dfsp2.test:3203/v1/receivers/1'],
    ['credentials', 'http://user:password@dfsp2.test:3203/v1/receivers/1'],
    ['a query', `${OWN}/v1/receivers/1?x=1`],
    ['a fragment', `${OWN}/v1/receivers/1#x`],
    ['a deeper path', `${OWN}/v1/receivers/1/payments`],
    ['no number', `${OWN}/v1/receivers/`],
    ['a path that leads elsewhere', `${OWN}/v1/receivers/..`],
    ['an encoded path that leads elsewhere', `${OWN}/v1/receivers/%2e%2e%2fx`],
    ['a slash in the number', `${OWN}/v1/receivers/1%2F2`],
    ['bad percent-encoding', `${OWN}/v1/receivers/%zz`],
    ['a number of 33 characters', `${OWN}/v1/receivers/${'1'.repeat(33)}`],
    ['no URL', 'nothing'],
  ])('with %s is nobody here', (_what, url) => {
    expect(() => paymentTargetOf(url, OWN)).toThrow(
      expect.objectContaining({ status: 404, id: 'InvalidReceiverIdError' }),
    );
  });

  it.each([`http://dfsp1.test/v1/invoices/1`, `${OWN}/v1/invoices/a/b`, `${OWN}/v1/invoices/%2F`])(
    'of an invoice that is not ours is no invoice: %s',
    (url) => {
      expect(() => paymentTargetOf(url, OWN)).toThrow(
        expect.objectContaining({ status: 404, id: 'InvoiceNotFoundError' }),
      );
    },
  );
});
