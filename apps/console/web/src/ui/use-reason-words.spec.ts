import { describe, expect, it } from '@jest/globals';
import { outcomes } from '../texts/en-outcomes.js';
import { reasonNameOf } from './use-reason-words.js';

describe('the reason of a payment that was not paid', () => {
  it('is another one for a DFSP that may owe no more than for a poor customer, by the same id', () => {
    const id = 'InsufficientFundsError';
    const names = ['The net debit cap would be exceeded.', 'Sender has insufficient funds.'].map((message) =>
      reasonNameOf({ id, message }),
    );
    expect(names).toEqual(['NetDebitCap', id]);
    names.push(reasonNameOf({ id, message: 'Sender has insufficient funds. Account `dfsp1`' }));
    expect(names.at(-1)).toBe('NextLedgerPoor');
    const suspended = { id: 'ServiceUnavailableError', message: 'row-14: dfsp2 is suspended' };
    names.push(reasonNameOf(suspended));
    expect(names.at(-1)).toBe('DfspSuspended');
    expect(Object.keys(outcomes.reason)).toEqual(expect.arrayContaining(names));
  });
});
