import { describe, expect, it } from '@jest/globals';
import { textFields, textTable } from './text-table.js';

describe('tables of text', () => {
  it('have columns as wide as their longest cell, and amounts to the right', () => {
    expect(
      textTable(
        ['NAME', 'BALANCE', 'NOTE'],
        [
          ['bob', '-10.40', undefined],
          ['alice', '1000.00', 'x'],
        ],
      ),
    ).toEqual(['NAME   BALANCE  NOTE', 'bob     -10.40', 'alice  1000.00  x']);
  });

  it('have their heads alone where there is nothing', () => {
    expect(textTable(['NAME', 'BALANCE'], [])).toEqual(['NAME  BALANCE']);
  });

  it('of names and values leave out what has no value', () => {
    expect(textFields({ id: 1, status: undefined, amount: '5' })).toEqual(['id      1', 'amount  5']);
  });
});
