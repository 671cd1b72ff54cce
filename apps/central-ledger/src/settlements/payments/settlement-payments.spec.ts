import { describe, expect, it } from '@jest/globals';
import { type BankAccount, WindowState } from '@level-one/ledger';
import { pain001Of } from './pain-001.js';
import { paymentFileOf } from './settlement-payments.js';

const NOTHING = { payments: 0n, receipts: 0n, feePayments: 0n, feeReceipts: 0n, confirmed: 0n };

function windowOf(...nets: [string, bigint][]) {
  return {
    id: '0d6f0f0e-8a53-4e6e-9c1f-1d6b1c1f6a2e',
    number: 7,
    state: WindowState.Closed,
    openedAt: new Date('2026-11-20T04:00:00Z'),
    closedAt: new Date('2026-11-21T04:00:00Z'),
    settledAt: null,
    transferCount: 1,
    positions: nets.map(([account, net]) => ({
      ...NOTHING,
      account,
      ...(net < 0n ? { payments: -net } : { receipts: net }),
    })),
  };
}

const NONE: ReadonlyMap<string, BankAccount> = new Map();

describe('payments of a window', () => {
  it.each([
    ['USD', 2, 1_040n, '10.40'],
    ['USD', 0, 10n, '10.00'],
    ['USD', 4, 104_099n, '10.40'],
    ['UGX', 0, 700n, '700'],
    ['UGX', 2, 70_099n, '700'],
    ['KWD', 3, 7_395n, '7.395'],
    ['USD', 9, 1_999_999_999n, '1.99'],
  ])('in %s at scale %i have the decimals of the currency: %i is %s', (currency, scale, net, amount) => {
    const { payments } = paymentFileOf(windowOf(['dfsp1', -net]), NONE, { currency, scale });
    expect(payments.map((payment) => payment.amount)).toEqual([amount]);
  });

  it('leave out positions of zero and of less than the smallest unit, and keep the ids of the others', () => {
    const window = windowOf(['dfsp1', -1_000n], ['dfsp2', 0n], ['dfsp3', 99n], ['dfsp4', 901n]);
    const { payments } = paymentFileOf(window, NONE, { currency: 'USD', scale: 4 });
    expect(payments.map(({ id, account, amount }) => [id.split('-')[1], account, amount])).toEqual([
      ['1', 'dfsp1', '0.10'],
      ['4', 'dfsp4', '0.09'],
    ]);
  });

  it('are refused if an amount has more digits than ISO 20022 takes', () => {
    const window = windowOf(['dfsp1', -4_000_000_000_000_000_000n]);
    expect(() => paymentFileOf(window, NONE, { currency: 'USD', scale: 2 })).toThrow(/more digits/);
  });

  it('are one block for each account that pays and one for all that are paid', () => {
    const window = windowOf(['a', -5n], ['b', -6n], ['c', 4n], ['d', 7n]);
    const xml = pain001Of(paymentFileOf(window, NONE, { currency: 'USD', scale: 2 }));
    expect(xml.match(/<PmtInfId>.*<\/PmtInfId>/g)).toHaveLength(3);
    expect(xml.match(/<CdtTrfTxInf>/g)).toHaveLength(4);
    expect(xml).toContain('<Dt>2026-11-21</Dt>');
  });

  it('have text that XML takes', () => {
    const known = new Map([
      ['a', { account: 'a', holder: `A & B <"'>\u0007\uFFFE\u{1F600}`, iban: null, otherId: '1', bic: null }],
    ]);
    const xml = pain001Of(paymentFileOf(windowOf(['a', -5n]), known, { currency: 'USD', scale: 2 }));
    expect(xml).toContain('<Nm>A &amp; B &lt;&quot;&apos;&gt;??\u{1F600}</Nm>');
  });
});
