import { describe, expect, it } from '@jest/globals';
import i18next from 'i18next';
import '../texts/i18n.js';
import { reasonOfPayment } from './refusals-in-words.js';
import { wordsOfReason } from './use-reason-words.js';

const side = (which: 'debit' | 'credit', reason?: { id: string; message: string }) => ({
  dfsp: which === 'debit' ? 'dfsp1' : 'dfsp2',
  side: which,
  record: { customer: { account: which === 'debit' ? 'alice' : 'bob' }, ...(reason && { reason }) },
});
const VIEWS = [side('debit'), side('credit')];
const REFUSED = { id: 'UnprocessableEntityError' };
const wordsOf = (message: string, failedAt?: string, views = VIEWS) =>
  wordsOfReason(i18next.t, { ...REFUSED, message }, { views, ...(failedAt !== undefined && { failedAt }) }).what;

describe('a refused payment in words', () => {
  it('names whose account is disabled', () => {
    const message = 'Account `bob` is disabled';
    const words =
      "The account “bob” is disabled. It is the payee's, at dfsp2, and the ledger there books nothing for it.";
    expect(wordsOf(message)).toBe(words);
    expect(wordsOf(message, 'dfsp2/dfsp-ledger')).toBe(words);
    expect(wordsOf(message, undefined, [])).toBe('The account “bob” is disabled, and its ledger books nothing for it.');
  });

  it("names the payee whose account is disabled also where the payee's DFSP has no record of the payment", () => {
    const counterpart = { account: 'http://dfsp2.test/accounts/bob' };
    const payer = { ...side('debit'), record: { customer: { account: 'alice' }, counterpart } };
    const message = 'Account `bob` is disabled';
    expect(wordsOf(message, 'dfsp2/dfsp-ledger', [payer])).toContain("It is the payee's, at dfsp2, and");
    expect(wordsOf(message, undefined, [payer])).toBe(wordsOf(message, undefined, []));
    expect(wordsOf('Account `dfsp2-connector` is disabled', 'dfsp2/dfsp-ledger', [payer])).not.toContain('payee');
  });

  it('does not choose between two accounts of one name unless the step that failed does', () => {
    const views = VIEWS.map((view) => ({ ...view, record: { customer: { account: 'main' } } }));
    expect(wordsOf('Account `main` is disabled', undefined, views)).not.toMatch(/payer|payee/);
    expect(wordsOf('Account `main` is disabled', 'dfsp1/dfsp-ledger', views)).toContain("the payer's, at dfsp1");
  });

  it('names the system that refused it, and has its own words', () => {
    expect(wordsOf('Not with us', 'dfsp2/dfsp-api')).toBe(
      "It was refused by the DFSP API of the payee's DFSP (dfsp2), in its own words: “Not with us”.",
    );
    expect(wordsOf('Not with us', 'dfsp2/dfsp-api', [side('debit')])).toBe(wordsOf('Not with us', 'dfsp2/dfsp-api'));
    expect(wordsOf('Not with us', 'centre/central-ledger')).toContain('by the central ledger, in');
    expect(wordsOf('Not with us')).toBe('It was refused, in the words of the system that did: “Not with us”.');
  });

  it('does not blame the customer for what another ledger had too little of', () => {
    const poor = (message: string, failedAt?: string, failedWith = 'InsufficientFundsError') =>
      wordsOfReason(
        i18next.t,
        { id: 'InsufficientFundsError', message },
        { views: [side('debit')], ...(failedAt && { failedAt, failedWith }) },
      ).what;
    const own = 'Sender has insufficient funds.';
    for (const at of [undefined, 'dfsp1/dfsp-ledger']) {
      expect(poor(own, at)).toContain('The customer had too little money on the account.');
    }
    // Something else failed before.
    expect(poor(own, 'centre/central-directory', 'NotFoundError')).toContain('The customer had too little money');
    expect(poor(own, 'centre/central-ledger')).toContain('It was not the customer who had too little money');
    expect(poor(`${own} Account \`dfsp1\``)).toContain('an account that passes payments on (dfsp1) had');
  });

  it('says that a fault refused it, and not the system in whose place it did', () => {
    expect(wordsOf('Refused by a fault that was asked for', 'dfsp2/dfsp-api')).toBe(
      "A fault that was switched on refused it in place of the DFSP API of the payee's DFSP (dfsp2). That system itself refused nothing.",
    );
  });

  it("has the payer's reason, whichever side is asked; the payee's alone is no guess", () => {
    const expired = { id: 'ExpiredTransferError', message: 'The payment was not completed in time' };
    const cap = { id: 'InsufficientFundsError', message: 'The net debit cap would be exceeded.' };
    expect(reasonOfPayment([side('credit', expired), side('debit', cap)])).toEqual(cap);
    const alone = reasonOfPayment([side('credit', expired)]);
    expect(wordsOfReason(i18next.t, alone!).what).toContain("The payer's DFSP did not complete it in time.");
    expect(reasonOfPayment([side('debit', expired)])).toEqual(expired);
  });
});
