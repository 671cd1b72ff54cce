import { describe, expect, it } from '@jest/globals';
import { invoiceNotificationId } from './invoice-notification-id.js';

const URL = 'http://127.0.0.1:3203/v1/invoices/8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10';

describe('id of an invoice notification', () => {
  it('is a name-based UUID, the same for the same pair, as in the examples of the API', () => {
    expect(invoiceNotificationId(URL, '78956562')).toBe('79cb1a1a-04a7-50a2-ae37-d9ff03334353');
  });

  it('differs for another invoice or another client', () => {
    const ids = [
      [URL, '78956562'],
      [URL, '78956563'],
      [`${URL}7`, '8956562'],
      [`${URL}","7`, '8956562'],
    ].map(([url, client]) => invoiceNotificationId(url!, client!));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
