import { describe, expect, it } from '@jest/globals';
import { invoiceUrlParts } from './invoice-url-parts.js';

const ID = '8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10';

describe('an invoice URL', () => {
  it('contains the URL to which its DFSP takes notifications', () => {
    expect(invoiceUrlParts(`http://127.0.0.1:3203/v1/invoices/${ID}?x=1`)).toEqual({
      submissionUrl: 'http://127.0.0.1:3203/v1/invoices',
      invoiceId: ID,
    });
    expect(invoiceUrlParts('http://127.0.0.1:3203/v1/receivers/1')).toBeUndefined();
    expect(invoiceUrlParts(`http://127.0.0.1:3203/v1/invoices/${'1'.repeat(65)}`)).toBeUndefined();
  });
});
