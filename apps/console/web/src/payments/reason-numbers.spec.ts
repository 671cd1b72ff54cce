import { describe, expect, it } from '@jest/globals';
import i18next from 'i18next';
import '../texts/i18n.js';
import { capInWords, fundsInWords } from './reason-numbers.js';

const PAYER = { dfsp: 'dfsp1', amount: '7.50', currency: 'USD' };
const plain = (text: string) => text.replaceAll(/[\u00A0\u202F]/g, ' ');
const cap = (values: object) =>
  plain(capInWords(i18next.t, PAYER, { unsettled: '-9.50', held: '0.00', net_debit_cap: null, ...values }));

describe('the numbers of a refused payment', () => {
  it('say whether the net debit cap would let it pass now', () => {
    expect(cap({})).toContain('Now dfsp1 has no cap');
    expect(cap({ net_debit_cap: '20.00' })).toContain('may owe 10.50 USD more before its cap of 20.00 USD');
    expect(cap({ net_debit_cap: '17.00' })).toContain('It would not refuse this payment');
    expect(cap({ net_debit_cap: '17.00', held: '0.01' })).toContain('It would refuse this payment again');
    expect(cap({ net_debit_cap: '5.00', unsettled: '2.50' })).toContain('may owe 7.50 USD more');
  });

  it('say how much was needed, with the fee where it is known, and how much there is now', () => {
    expect(plain(fundsInWords(i18next.t, { ...PAYER, fee: '0.10' }, '3.00'))).toBe(
      'Needed: 7.60 USD. Available on the account now: 3.00 USD. How much it was then is not kept.',
    );
    expect(plain(fundsInWords(i18next.t, { ...PAYER, amount: '900000' }, undefined))).toBe(
      'Needed: 900 000.00 USD and the fee. How much it was then is not kept.',
    );
  });
});
