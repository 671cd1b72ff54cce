import { describe, expect, it } from '@jest/globals';
import { type HeldTransfer, type ReadAccounts, type ShownAccount, stepsOf } from './missed-holds.js';

const account = (name: string, balance: string, held = '0.00') => ({ name, balance, held });
const at = (second: number): string => new Date(second * 1_000).toISOString();
/** Alice and the account that she pays to. */
const accounts = (balance: string, held = '1.00', other = '-5.00') => [
  account('alice', balance, held),
  account('connector', other),
];

const BEFORE = accounts('100.00');
/** After one hold of 10.40 was executed. */
const AFTER = accounts('89.60', '1.00', '5.40');
/** Accounts that were read at 0.8 s to 0.9 s of the own clock, or at 8.8 s to 9 s. */
const before = (read: ShownAccount[]): ReadAccounts => ({ accounts: read, askedAt: 800, answeredAt: 900 });
const after = (read: ShownAccount[]): ReadAccounts => ({ accounts: read, askedAt: 8_800, answeredAt: 9_000 });
const READ = { before: before(BEFORE), now: after(AFTER) };
const transfer = (state: string, timeline: HeldTransfer['timeline']): HeldTransfer => ({
  state,
  debits: [{ account: 'http://ledger.test/accounts/alice', amount: '10.40' }],
  timeline,
});
const executed = (begun: number, ended: number) =>
  transfer('executed', { prepared_at: at(begun), executed_at: at(ended) });
const rejected = (begun: number, ended: number) =>
  transfer('rejected', { prepared_at: at(begun), rejected_at: at(ended) });
const heldIn = (steps: ReturnType<typeof stepsOf>) => steps.map((step) => [step.at, step.accounts[0]!.held]);

/** An hour and more: what a clock may be wrong by. */
const CLOCKS = [0, 5_000, -5_000, 1.5, -1.5];

describe('how balances came about', () => {
  it('has the hold of a payment that was over before they were read', () => {
    expect(stepsOf('dfsp1', READ, [executed(1, 3)])).toEqual([
      { at: 1_000, ledger: 'dfsp1', accounts: accounts('100.00', '11.40') },
      { at: 3_000, ledger: 'dfsp1', accounts: AFTER },
    ]);
  });

  it('has the hold of a payment that ended while they were read', () => {
    const steps = stepsOf('dfsp1', READ, [transfer('prepared', { prepared_at: at(1) })]);
    expect(heldIn(steps)).toEqual([
      [1_000, '11.40'],
      [9_000, '1.00'],
    ]);
  });

  it('has both holds of two payments at once', () => {
    expect(heldIn(stepsOf('dfsp1', READ, [executed(1, 3), rejected(2, 4)]))).toEqual([
      [1_000, '11.40'],
      [2_000, '21.80'],
      [3_000, '11.40'],
      [4_000, '1.00'],
    ]);
  });

  it('has the holds of two payments one after the other, never both at once', () => {
    const read = { ...READ, now: after(accounts('79.20')) };
    expect(heldIn(stepsOf('dfsp1', read, [executed(1, 2), executed(3, 4)]))).toEqual([
      [1_000, '11.40'],
      [2_000, '1.00'],
      [3_000, '11.40'],
      [4_000, '1.00'],
    ]);
  });

  it('is one step if the hold is there to be seen, and for what never held', () => {
    const now = accounts('100.00', '11.40');
    const seen = stepsOf('dfsp1', { ...READ, now: after(now) }, [transfer('prepared', { prepared_at: at(1) })]);
    expect(seen).toEqual([{ at: 9_000, ledger: 'dfsp1', accounts: now }]);
    expect(stepsOf('dfsp1', READ, [transfer('rejected', {})])).toHaveLength(1);
    expect(stepsOf('dfsp1', READ, [])).toEqual([{ at: 9_000, ledger: 'dfsp1', accounts: AFTER }]);
  });

  it.each(CLOCKS)('has no hold twice that was shown, by a clock that is %d s ahead', (ahead) => {
    const shown = { ...READ, before: before(accounts('100.00', '11.40')) };
    for (const one of [executed(ahead + 0.5, ahead + 3), transfer('prepared', { prepared_at: at(ahead + 0.5) })]) {
      expect(stepsOf('dfsp1', shown, [one])).toEqual([{ at: 9_000, ledger: 'dfsp1', accounts: AFTER }]);
    }
    const givenBack = { ...shown, now: after(BEFORE) };
    expect(stepsOf('dfsp1', givenBack, [rejected(ahead + 0.5, ahead + 3)])).toHaveLength(1);
  });

  it.each(CLOCKS)('has no hold that was over before the first read, by a clock that is %d s ahead', (ahead) => {
    const read = { before: before(AFTER), now: after(AFTER) };
    expect(stepsOf('dfsp1', read, [executed(ahead + 0.5, ahead + 0.7)])).toHaveLength(1);
  });

  it.each(CLOCKS)('has a missed hold between the two reads, by a clock that is %d s ahead', (ahead) => {
    const steps = stepsOf('dfsp1', READ, [executed(ahead + 1, ahead + 3)]);
    expect(steps.map((step) => step.accounts[0]!.held)).toEqual(['11.40', '1.00']);
    for (const step of steps) {
      expect(step.at).toBeGreaterThanOrEqual(800);
      expect(step.at).toBeLessThanOrEqual(9_000);
    }
  });

  it('tells the hold that was shown from one that was missed, where both ended since', () => {
    const read = { before: before(accounts('100.00', '11.40')), now: after(accounts('79.20')) };
    const steps = stepsOf('dfsp1', read, [executed(1, 2), executed(0.5, 0.7)]);
    expect(heldIn(steps)).toEqual([
      [1_000, '21.80'],
      [2_000, '1.00'],
    ]);
  });

  it('has balances below zero', () => {
    const read = { before: before(accounts('-2.00')), now: after(accounts('-12.40')) };
    expect(stepsOf('dfsp1', read, [executed(1, 2)])).toHaveLength(2);
  });
});
