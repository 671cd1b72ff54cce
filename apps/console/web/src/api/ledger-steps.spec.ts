import { describe, expect, it, jest } from '@jest/globals';
import { availableOf, LedgerSteps, type LedgerStep } from './ledger-steps.js';

const step = (ledger: string, held: string): LedgerStep => ({
  ledger,
  accounts: [{ name: 'alice', balance: '100.00', held }],
});

describe('the balances of the ledgers', () => {
  it('have what is available, exactly', () => {
    expect(availableOf({ balance: '100.00', held: '10.40' })).toBe('89.60');
    expect(availableOf({ balance: '-12.40', held: '0.00' })).toBe('-12.40');
    expect(availableOf({ balance: '5', held: '7' })).toBe('-2');
    expect(availableOf({ balance: '90071992547409931.01', held: '0.02' })).toBe('90071992547409930.99');
  });

  it('are shown at once at first, then step by step, each for a while', () => {
    jest.useFakeTimers();
    const shown: string[] = [];
    const steps = new LedgerSteps(({ ledger, accounts }) => shown.push(`${ledger} ${accounts[0]!.held}`));
    for (const one of [step('dfsp1', '0'), step('centre', '0')]) steps.take(one);
    expect(shown).toEqual(['dfsp1 0', 'centre 0']);
    for (const one of [step('dfsp1', '1'), step('centre', '1'), step('dfsp1', '0')]) steps.take(one);
    expect(shown.slice(2)).toEqual(['dfsp1 1']);
    jest.runOnlyPendingTimers();
    expect(shown.slice(2)).toEqual(['dfsp1 1', 'centre 1']);
    jest.runAllTimers();
    expect(shown.slice(2)).toEqual(['dfsp1 1', 'centre 1', 'dfsp1 0']);
    jest.useRealTimers();
  });

  it('do not fall behind while very many come', () => {
    jest.useFakeTimers();
    const shown: string[] = [];
    const steps = new LedgerSteps(({ accounts }) => shown.push(accounts[0]!.held));
    for (let n = 0; n <= 100; n += 1) steps.take(step('dfsp1', String(n)));
    jest.runOnlyPendingTimers();
    expect(shown.length).toBeGreaterThan(70);
    jest.runAllTimers();
    expect(shown).toEqual(Array.from({ length: 101 }, (_, n) => String(n)));
    jest.useRealTimers();
  });
});
