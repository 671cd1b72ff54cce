import { describe, expect, it } from '@jest/globals';
import { checkCurrencies } from './currency-check.js';

describe('rules in another currency', () => {
  it('field A: cause one warning per currency', () => {
    const rules = [
      { name: 'own', currency: 'USD' },
      ...Array.from({ length: 12 }, (_, index) => ({ name: `tzs ${index}`, currency: 'TZS' })),
      { name: 'eur', currency: 'EUR' },
      { name: 'eur', currency: 'EUR' },
    ];
    const [tzs, eur, ...others] = checkCurrencies(rules, 'USD');
    expect(tzs).toMatchObject({ kind: 'pointless', severity: 'warning' });
    expect(tzs!.rules).toHaveLength(12);
    expect(tzs!.message).toMatch(/^Rules in TZS hold for no payment, the ledger is in USD: "tzs 0",.* and others$/);
    expect(eur).toMatchObject({
      rules: ['eur'],
      message: 'Rules in EUR hold for no payment, the ledger is in USD: "eur"',
    });
    expect(others).toEqual([]);
  });

  it("cause none if all are in the ledger's currency", () => {
    expect(checkCurrencies([{ name: 'own', currency: 'USD' }], 'USD')).toEqual([]);
  });
});
