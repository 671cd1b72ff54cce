import { describe, expect, it } from '@jest/globals';
import { PublicPath } from './public-path.js';

describe('field D: the path of a request', () => {
  it.each([
    ['http://127.0.0.1:3108', '/ledger/accounts/alice?a=b', '/ledger/accounts/alice?a=b'],
    ['http://127.0.0.1:3108/', '/ledger', '/ledger'],
    ['http://127.0.0.1:3108/bank1', '/bank1/ledger/accounts/alice?a=b', '/ledger/accounts/alice?a=b'],
    ['http://127.0.0.1:3108/bank1/', '/bank1/ledger', '/ledger'],
    ['http://127.0.0.1:3108/bank1', '/ledger/accounts/alice', '/ledger/accounts/alice'],
    ['http://127.0.0.1:3108/bank1', '/health', '/health'],
    ['http://127.0.0.1:3108/bank1', '/bank1', '/'],
    ['http://127.0.0.1:3108/bank1', '/bank1?a=b', '/?a=b'],
    ['http://127.0.0.1:3108/bank1', '/bank10/ledger', '/bank10/ledger'],
    ['http://127.0.0.1:3108/eu/bank1', '/eu/bank1/docs', '/docs'],
    ['http://127.0.0.1:3108/ledger', '/ledger/accounts/alice', '/ledger/accounts/alice'],
    ['http://127.0.0.1:3108/ledger', '/ledger/ledger/accounts/alice', '/ledger/accounts/alice'],
  ])('at %s is, for %s, %s', (publicUrl, url, inside) => {
    expect(new PublicPath(publicUrl, ['ledger', '']).inside(url)).toBe(inside);
  });
});
