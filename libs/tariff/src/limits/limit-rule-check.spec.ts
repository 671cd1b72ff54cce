import { describe, expect, it } from '@jest/globals';
import { TransferType } from '@level-one/quote';
import { atOnce } from '@level-one/work';
import { limitError, LimitType } from './limit-errors.js';
import { ianaTimeZone } from './limit-period.js';
import { checkLimitRules, type LimitRuleContent } from './limit-rule-check.js';
import { SEED_LIMITS } from './seed-limits.fixture.js';

const NO_LIMIT = {
  minAmount: null,
  maxAmount: null,
  maxAmountDaily: null,
  maxAmountWeekly: null,
  maxAmountMonthly: null,
  maxCountDaily: null,
  maxCountWeekly: null,
  maxCountMonthly: null,
};

type Values = Partial<LimitRuleContent>;

function messagesOf(...rules: Values[]): string[] {
  const named = rules.map((values, index): LimitRuleContent => ({
    ...NO_LIMIT,
    name: 'abc'[index]!,
    transferType: null,
    currency: 'USD',
    side: null,
    payerIdentifier: null,
    payeeIdentifier: null,
    priority: 1000,
    validFrom: new Date(0),
    validTo: null,
    ...values,
  }));
  return atOnce(checkLimitRules(named, { scale: 2 })).map(({ severity, message }) => `${severity}: ${message}`);
}

describe('checkLimitRules', () => {
  it('accepts the seed limits', () => {
    expect(messagesOf(...SEED_LIMITS)).toEqual([]);
  });

  it.each<[Values, string]>([
    [{ minAmount: '-1' }, 'error: Rule "a": minAmount -1 is negative'],
    [{ maxAmountDaily: '1.001' }, 'error: Rule "a": maxAmountDaily 1.001 is not accepted: Amount exceeds'],
    [{ maxCountDaily: -1 }, 'error: Rule "a": maxCountDaily -1 is not a number of transfers'],
    [{ maxCountMonthly: 1.5 }, 'error: Rule "a": maxCountMonthly 1.5 is not a number of transfers'],
    [{ minAmount: '11', maxAmount: '10' }, 'error: Rule "a": minAmount 11 is above maxAmount 10'],
    [{ minAmount: '11', maxAmountWeekly: '10' }, 'error: Rule "a": minAmount 11 is above maxAmountWeekly 10'],
    [{ validTo: new Date(0) }, 'error: Rule "a": validFrom 1970'],
    [
      { maxAmountDaily: '100', maxAmountMonthly: '50' },
      'warning: Rule "a": maxAmountDaily 100 is never reached, maxAmountMonthly is 50',
    ],
    [{ maxAmount: '9', maxAmountDaily: '8' }, 'warning: Rule "a": maxAmount 9 is never reached, maxAmountDaily is 8'],
    [
      { maxCountDaily: 5, maxCountWeekly: 4 },
      'warning: Rule "a": maxCountDaily 5 is never reached, maxCountWeekly is 4',
    ],
  ])('%j: %s', (values, message) => {
    expect(messagesOf(values)).toEqual([expect.stringContaining(message)]);
  });

  it('finds rules of equal rank, and rules that never decide', () => {
    expect(messagesOf({}, { transferType: TransferType.P2p })).toEqual([expect.stringContaining('Rules "a"')]);
    expect(messagesOf({}, { priority: 1 })).toEqual([expect.stringContaining('error: Rule "a"')]);
    expect(messagesOf({}, { priority: 1, transferType: TransferType.P2p })).toEqual([]);
  });
});

describe('the errors of limits', () => {
  it.each([
    [LimitType.MinAmount, '10', 'Minimum amount of transaction is 10'],
    [LimitType.MaxAmount, '1000', 'Transfer amount limit of 1000 reached'],
    [LimitType.MaxAmountDaily, '0.5', 'Daily transfer amount limit of 0.5 reached'],
    [LimitType.MaxAmountWeekly, '1', 'Weekly transfer amount limit of 1 reached'],
    [LimitType.MaxAmountMonthly, '1', 'Monthly transfer amount limit of 1 reached'],
    [LimitType.MaxCountDaily, 10, 'Daily transfer count limit of 10 reached'],
    [LimitType.MaxCountWeekly, 40, 'Weekly transfer count limit of 40 reached'],
    [LimitType.MaxCountMonthly, 100, 'Monthly transfer count limit of 100 reached'],
  ])('D11: %s', (type, limit, message) => {
    const error = limitError(type, limit);
    expect(error.status).toBe(422);
    expect(error.toBody()).toEqual({ id: 'LimitExceededError', message, type, params: { limit } });
  });
});

describe('the time zone', () => {
  it.each(['UTC', 'Africa/Dar_es_Salaam', 'Asia/Kolkata', 'Etc/GMT+5'])('can be %s', (name) => {
    expect(ianaTimeZone(name)).toBe(name);
  });

  it.each(['', 'Nowhere/Land', '+02:00', 'UTC+3', 'CET-1CEST,M3.5.0,M10.5.0/3', "UTC'"])('cannot be %p', (name) => {
    expect(() => ianaTimeZone(name)).toThrow(RangeError);
  });
});
