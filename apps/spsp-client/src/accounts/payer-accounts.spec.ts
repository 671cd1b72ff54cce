import { describe, expect, it } from '@jest/globals';
import type { LedgerClient } from '@level-one/peers';
import { PayerAccounts } from './payer-accounts.js';
import type { SpspClientSettings } from '../spsp-client.settings.js';

const BASE = 'http://adapter.test/ilp/ledger/v1';

describe('an account of the payer', () => {
  const accounts = new PayerAccounts(
    {
      dfsp: 'dfsp1',
      ilpPrefix: 'levelone.dfsp1.',
      ledgerUrl: 'http://ledger.test:80/ledger/',
    } as SpspClientSettings,
    { baseUrl: BASE } as LedgerClient,
  );

  it.each([
    [`${BASE}/accounts/alice`, 'alice'],
    [`${BASE}/accounts/alice%20b`, 'alice b'],
    ['http://adapter.test/ledger/accounts/alice', 'alice'],
    ['HTTP://ADAPTER.test:80/ledger/accounts/alice', 'alice'],
    ['http://ledger.test/ledger/accounts/alice', 'alice'],
    ['alice', 'alice'],
    ['levelone.dfsp1.alice', 'alice'],
    ['dfsp1.alice.account', 'alice'],
    ['dfsp2.alice.account', 'dfsp2.alice.account'],
  ])('F5: may be written %s', (reference, name) => {
    expect(accounts.nameOf(reference)).toBe(name);
  });

  it.each([
    'http://elsewhere.test/accounts/alice',
    'http://adapter.test/other/accounts/alice',
    'http://ledger.test/accounts/alice',
    'http://ledger.test/ledger/accounts/alice?x=1',
    'http://adapter.test/ledger/x/../accounts',
    'http://eve@adapter.test/ledger/accounts/alice',
    'ftp://adapter.test/ledger/accounts/alice',
    `${BASE}/accounts/`,
    `${BASE}/accounts/a/b`,
    `${BASE}/accounts/%zz`,
  ])('F5: is not on another ledger: %s', (reference) => {
    expect(() => accounts.nameOf(reference)).toThrow(
      expect.objectContaining({ status: 422, id: 'UnprocessableEntityError' }),
    );
  });

  it('has an address, unless its name does not fit into one', () => {
    expect(accounts.addressOf('alice')).toBe('levelone.dfsp1.alice');
    expect(() => accounts.addressOf('alice b')).toThrow(expect.objectContaining({ status: 422 }));
  });
});
