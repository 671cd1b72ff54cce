import { describe, expect, it } from '@jest/globals';
import { type BankAccount, WindowState } from '@level-one/ledger';
import { pain001Of } from './pain-001.js';
import { faultsOfPain001 } from './pain-001-structure.fixture.js';
import { paymentFileOf } from './settlement-payments.js';

const NOTHING = { payments: 0n, receipts: 0n, feePayments: 0n, feeReceipts: 0n, confirmed: 0n };
const USD = { currency: 'USD', scale: 2 };

function fileOf(nets: [string, bigint][], known: BankAccount[] = [], unit = USD): string {
  const window = {
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
  return pain001Of(paymentFileOf(window, new Map(known.map((one) => [one.account, one])), unit));
}

const bank = (account: string, changes: Partial<BankAccount> = {}): BankAccount => ({
  account,
  holder: account,
  iban: null,
  otherId: '4711',
  bic: null,
  ...changes,
});

describe('a pain.001 file has the structure of its message definition', () => {
  it.each([
    ['one that pays', [['a', -5n]], [], USD],
    ['one that is paid', [['a', 5n]], [], USD],
    [
      'some of both',
      [
        ['a', -5n],
        ['b', -6n],
        ['c', 4n],
        ['d', 7n],
      ],
      [],
      USD,
    ],
    [
      'nothing of some',
      [
        ['a', -1_000n],
        ['b', 0n],
        ['c', 99n],
        ['d', 901n],
      ],
      [],
      { currency: 'USD', scale: 4 },
    ],
    [
      'no decimals',
      [
        ['a', -700n],
        ['b', 700n],
      ],
      [],
      { currency: 'UGX', scale: 0 },
    ],
    [
      'three decimals',
      [
        ['a', -7_395n],
        ['b', 7_395n],
      ],
      [],
      { currency: 'KWD', scale: 3 },
    ],
    ['the longest amount', [['a', -999_999_999_999_999_999n]], [], USD],
    ['the longest name of an account', [['a'.repeat(34), -5n]], [], USD],
    [
      'IBAN, BIC and odd names',
      [
        ['a', -5n],
        ['b', 5n],
      ],
      [
        bank('a', { iban: 'DE89370400440532013000', otherId: null, bic: 'COBADEFF' }),
        bank('b', { holder: `A & B <"'>\u{1F600}${'x'.repeat(120)}`, bic: 'COBADEFFXXX' }),
      ],
      USD,
    ],
  ] as [string, [string, bigint][], BankAccount[], typeof USD][])('with %s', (_, nets, known, unit) => {
    expect(faultsOfPain001(fileOf(nets, known, unit))).toEqual([]);
  });

  it('with many payments', () => {
    const nets = Array.from({ length: 300 }, (_, at): [string, bigint] => [`dfsp${at}`, BigInt(at % 2 ? at : -at)]);
    expect(faultsOfPain001(fileOf(nets))).toEqual([]);
  });

  it('so there is none of a window that moved nothing, or whose sum has more digits than a file takes', () => {
    expect(() => fileOf([['a', 0n]])).toThrow(/moved nothing/);
    expect(() =>
      fileOf([
        ['a', -999_999_999_999_999_999n],
        ['b', -999_999_999_999_999_999n],
      ]),
    ).toThrow(/more digits/);
  });
});

describe('the check of the structure', () => {
  const valid = fileOf([
    ['a', -5n],
    ['b', 5n],
  ]);

  it.each([
    ['a missing element', /<PmtMtd>TRF<\/PmtMtd>\s*/, '', 'PmtMtd: 0 times'],
    ['one twice', /(<PmtMtd>TRF<\/PmtMtd>)/, '$1$1', 'PmtMtd: 2 times'],
    ['another order', /(<Dt>[^<]*<\/Dt>)/, '$1$1', 'elements of a choice'],
    ['an unknown element', /<ChrgBr>SLEV<\/ChrgBr>/, '<Charges>SLEV</Charges>', 'unknown or in another order'],
    ['a value that is none', /SLEV/, 'ALL', 'ChrgBr: "ALL"'],
    ['a text that is empty', /<Nm>a<\/Nm>/, '<Nm></Nm>', 'Nm: ""'],
    ['a text that is too long', /<MsgId>/, `<MsgId>${'1'.repeat(9)}`, 'MsgId'],
    ['an amount without currency', / Ccy="USD"/, '', 'InstdAmt: attributes'],
    ['another count', /<NbOfTxs>2</, '<NbOfTxs>3<', 'GrpHdr/NbOfTxs: 3'],
    ['another sum', /<CtrlSum>0.10</, '<CtrlSum>0.11<', 'GrpHdr/CtrlSum: 0.11'],
    ['another version', /001\.09/, '001.03', 'not of pain.001.001.09'],
  ])('finds %s', (_, pattern, replacement, fault) => {
    const changed = valid.replace(pattern, replacement);
    expect(changed).not.toBe(valid);
    expect(faultsOfPain001(changed).join('\n')).toContain(fault);
  });
});
