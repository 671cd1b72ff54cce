import { describe, expect, it } from '@jest/globals';
import type { DfspApiSettings } from '../../dfsp-api.settings.js';
import { ownInvoiceId, ownInvoiceUrl } from './own-invoice-urls.js';

const ID = '8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10';
const settings = { spspServerUrl: 'http://127.0.0.1:3203/v1/' } as DfspApiSettings;

describe('an invoice URL', () => {
  it('consists of the SPSP server’s URL and the id', () => {
    expect(ownInvoiceUrl(settings, ID)).toBe(`http://127.0.0.1:3203/v1/invoices/${ID}`);
    expect(ownInvoiceId(settings, ownInvoiceUrl(settings, ID))).toBe(ID);
  });

  it.each([
    `http://127.0.0.1:3103/v1/invoices/${ID}`,
    `http://127.0.0.1:3203/v1/invoices/${ID}/more`,
    `http://127.0.0.1:3203/v1/invoices/12345`,
    `http://127.0.0.1:3203/v1/invoices/`,
  ])('is not of this DFSP: %s', (url) => {
    expect(ownInvoiceId(settings, url)).toBeUndefined();
  });
});
