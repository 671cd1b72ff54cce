import { describe, expect, it } from '@jest/globals';
import { searchOf } from './payment-views.js';

const ID = 'c178fe87-a7af-4cde-b9b7-6b5aa4dfc9e2';

describe('what is searched for', () => {
  it.each([
    ['78956562', 'party', '78956562'],
    [' +7895 6562 ', 'party', '78956562'],
    ['4.08', 'amount', '4.08'],
    ['4,08', 'amount', '4.08'],
    ['4.08 USD', 'amount', '4.08'],
    ['usd 4.08', 'amount', '4.08'],
    ['$4.08', 'amount', '4.08'],
    ['90\u{202F}000\u{202F}000.00\u{A0}USD', 'amount', '90000000.00'],
    ['1,000.50 €', 'amount', '1000.50'],
    ['C178FE87', 'payment', 'c178fe87'],
    ['“C178FE87…”', 'payment', 'c178fe87'],
    [` ${ID} `, 'invoice', ID],
    [`{${ID}}`, 'invoice', ID],
    [`"${ID}".`, 'invoice', ID],
    ['Alice', 'account', 'Alice'],
    ['shop4.50x', 'account', 'shop4.50x'],
  ])('is read from %j as %s %s', (text, field, value) => {
    expect(searchOf(text)).toEqual({ field, value });
  });
});
