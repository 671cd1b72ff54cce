import { describe, expect, it } from '@jest/globals';
import { namesUnit, statedUnitProblem } from './stated-unit.js';

const UNIT = { currency: 'UGX', scale: 0, precision: 10 };

describe('a stated unit', () => {
  it.each<[Record<string, unknown>]>([
    [{}],
    [{ currency: 'UGX', currencyCode: 'UGX', currency_code: 'UGX', assetCode: 'UGX' }],
    [{ currencySymbol: 'USh', currency_symbol: 'UGX' }],
    [{ scale: 0, currencyScale: '0', precision: 10 }],
    [{ currency: null, scale: undefined }],
    [{ amount: '1', memo: { currency: 'EUR' }, name: 'x', community: 'y', account: 'z' }],
  ])('field A: %j agrees with the own unit', (stated) => {
    expect(statedUnitProblem(stated, UNIT)).toBeUndefined();
  });

  it.each<[Record<string, unknown>, string, string]>([
    [{ currency: 'EUR' }, 'currency', 'currency must be UGX'],
    [{ currencyCode: 'ugx' }, 'currencyCode', 'currencyCode must be UGX'],
    [{ currency: { code: 'UGX' } }, 'currency', 'currency must be UGX'],
    [{ currency: '' }, 'currency', 'currency must be UGX'],
    [{ currencySymbol: '$' }, 'currencySymbol', 'currencySymbol must be USh'],
    [{ amount: '1', scale: 2 }, 'scale', 'scale must be 0'],
    [{ precision: '19' }, 'precision', 'precision must be 10'],
    [{ destinationCurrency: 'UGX' }, 'destinationCurrency', 'destinationCurrency is not understood'],
    [{ amount_unit: 'cents' }, 'amount_unit', 'amount_unit is not understood'],
  ])('field A: %j is not the own unit', (stated, field, message) => {
    expect(statedUnitProblem(stated, UNIT)).toEqual({ field, message });
  });

  it('field A: known members are not checked', () => {
    expect(statedUnitProblem({ currency: 'EUR' }, UNIT, (name) => name === 'currency')).toBeUndefined();
  });

  it('field A: without an own unit every unit is refused', () => {
    expect(statedUnitProblem({ currency: 'EUR' }, undefined)).toEqual({
      field: 'currency',
      message: 'currency is not understood',
    });
    expect(statedUnitProblem({ amount: '1' }, undefined)).toBeUndefined();
  });

  it.each(['currency', 'sourceCurrency', 'destination_scale', 'amountUnits'])('field A: %s names a unit', (name) => {
    expect(namesUnit(name)).toBe(true);
  });
});
