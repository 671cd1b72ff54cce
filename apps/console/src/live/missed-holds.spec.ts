import { describe, expect, it } from '@jest/globals';
import { type HeldTransfer, type ReadAccounts, type ShownAccount, stepsOf } from './missed-holds.js';

const account = (name: string, balance: string, held = '0.00') => ({ name, balance, held });
const at = (second: number): string => new Date(second * 1_000).toISOString();

const BEFORE = [account('alice', '100.00', '1.00'), account('connector', '-5.00')];
const AFTER = [account('alice', '89.60', '1.00'), account('connector', '5.40')];
/** Accounts that were read at 0.8 s to 0.9 s of a clock, or at 8.8 s to 9 s. */
const before = (accounts: ShownAccount[]): ReadAccounts => ({ accounts, askedAt: 800, answeredAt: 900 });
const after = (accounts: ShownAccount[]): ReadAccounts => ({ accounts, askedAt: 8_800, answeredAt: 9_000 });
const READ = { before: before(BEFORE), now: after(AFTER) };
const transfer = (state: string, timeline: HeldTransfer['timeline']): HeldTransfer => ({
  state,
  debits: [{ account: 'http://ledger.test/accounts/alice', amount: '10.40' }],
  timeline,
});

describe('how balances came about', () => {
  it('has the hold of a payment that was over before they were read', () => {
    const executed = transfer('executed', { prepared_at: at(1), executed_at: at(3) });
    expect(stepsOf('dfsp1', READ, [executed])).toEqual([
      { at: 1_000, ledger: 'dfsp1', accounts: [account('alice', '100.00', '11.40'), account('connector', '-5.00')] },
      { at: 3_000, ledger: 'dfsp1', accounts: AFTER },
    ]);
  });

  it('has the hold of a payment that ended while they were read', () => {
    const steps = stepsOf('dfsp1', READ, [transfer('prepared', { prepared_at: at(1) })]);
    expect(steps.map((step) => step.at)).toEqual([1_000, 9_000]);
  });

  it('has both holds of two payments at once', () => {
    const executed = transfer('executed', { prepared_at: at(1), executed_at: at(3) });
    const rejected = transfer('rejected', { prepared_at: at(2), rejected_at: at(4) });
    const steps = stepsOf('dfsp1', READ, [executed, rejected]);
    expect(steps.map((step) => [step.at, step.accounts[0]!.held])).toEqual([
      [1_000, '11.40'],
      [2_000, '21.80'],
      [3_000, '11.40'],
      [4_000, '1.00'],
    ]);
  });

  it('is one step if the hold is there to be seen, and for what never held', () => {
    const now = [account('alice', '100.00', '11.40')];
    const seen = stepsOf('dfsp1', { ...READ, now: after(now) }, [transfer('prepared', { prepared_at: at(1) })]);
    expect(seen).toEqual([{ at: 9_000, ledger: 'dfsp1', accounts: now }]);
    expect(stepsOf('dfsp1', READ, [transfer('rejected', {})])).toHaveLength(1);
    expect(stepsOf('dfsp1', READ, [])).toHaveLength(1);
  });

  it('has the holds of two payments one after the other, never both at once', () => {
    const first = transfer('executed', { prepared_at: at(1), executed_at: at(2) });
    const second = transfer('executed', { prepared_at: at(3), executed_at: at(4) });
    const steps = stepsOf('dfsp1', READ, [first, second]);
    expect(steps.map((step) => [step.at, step.accounts[0]!.held])).toEqual([
      [1_000, '11.40'],
      [2_000, '1.00'],
      [3_000, '11.40'],
      [4_000, '1.00'],
    ]);
  });

  it('does not add a hold to balances that have it already, or were read after its end', () => {
    const shown = before([account('alice', '100.00', '11.40'), account('connector', '-5.00')]);
    const begunBefore = transfer('executed', { prepared_at: at(0.5), executed_at: at(3) });
    const begunWhileRead = transfer('executed', { prepared_at: at(0.85), executed_at: at(3) });
    const over = transfer('executed', { prepared_at: at(0.5), executed_at: at(0.7) });
    for (const [read, one] of [
      [shown, begunBefore],
      [shown, begunWhileRead],
      [READ.before, over],
    ] as const) {
      expect(stepsOf('dfsp1', { ...READ, before: read }, [one])).toEqual([
        { at: 9_000, ledger: 'dfsp1', accounts: AFTER },
      ]);
    }
    expect(stepsOf('dfsp1', READ, [begunWhileRead])).toHaveLength(2);
  });
});
