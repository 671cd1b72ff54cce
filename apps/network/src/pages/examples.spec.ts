import { describe, expect, it } from '@jest/globals';
import { invoiceNotificationId } from '@level-one/invoice';
import { examplesAt } from './examples.js';

const URL = 'http://127.0.0.1:3203/v1/invoices/8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10';
const MOVED = URL.replace('3203', '23203');

describe('examples of a demo network', () => {
  it('are unchanged at their own ports', () => {
    expect(examplesAt(3000)).toBeUndefined();
  });

  it('have the URLs and the notification ids of a network on other ports', () => {
    const examples = JSON.stringify({ url: URL, id: invoiceNotificationId(URL, '78956562'), amount: '3103' });
    expect(JSON.parse(examplesAt(23_000)!(examples))).toEqual({
      url: MOVED,
      id: invoiceNotificationId(MOVED, '78956562'),
      amount: '3103',
    });
  });
});
