import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AmountType } from '../terms/amount-type.js';
import { QuoteErrorId } from '../terms/quote-errors.js';
import { mismatchesOf, type QuotedTransfer, refusalOf } from './quote-mismatches.js';
import { QuoteStatus } from '../terms/quote-status.js';
import { partiesOf, type Quote, sideColumns } from './quote.entity.js';
import { TransferType } from '../terms/transfer-type.js';
import { QuoteSide } from '../terms/quote-side.js';

const PARTIES = {
  payerIdentifier: '92806391',
  payerIdentifierType: 'eur',
  payeeIdentifier: '30754016',
  payeeIdentifierType: 'tel',
};

/** RECEIVE 10 with F 0.25, P 1, C 1 on the payee's side. */
const quote: Omit<Quote, never> = {
  id: '1',
  paymentId: '110ec58a-a0f2-4ac4-8393-c866d813b8d1',
  ...sideColumns(QuoteSide.Credit, PARTIES),
  status: QuoteStatus.Reserved,
  askedBy: null,
  transferType: TransferType.P2p,
  invoiceId: null,
  amountType: AmountType.Receive,
  amount: 1000n,
  transferAmount: 1075n,
  receiveAmount: 1000n,
  charged: 75n,
  currency: 'USD',
  fee: 100n,
  commission: 100n,
  peerFee: 25n,
  scale: 2,
  sourceAmount: null,
  shownAt: null,
  peerCommission: 0n,
  destinationAccount: 'http://ledger.test/accounts/bob',
  receiver: null,
  ipr: null,
  sourceExpiryDuration: null,
  connectorAccount: null,
  expiresAt: new Date(2_000),
  heldAt: null,
  createdAt: new Date(1_000),
  params: {},
};

const transfer: QuotedTransfer = {
  amount: 1075n,
  currency: 'USD',
  destinationAccount: 'http://ledger.test/accounts/bob',
  transferType: TransferType.P2p,
  payerIdentifier: '92806391',
  payeeIdentifier: '30754016',
};

describe('a transfer and its quote', () => {
  it('D24: match by T, not by the received amount', () => {
    expect(mismatchesOf(quote, transfer)).toEqual([]);
    expect(mismatchesOf(quote, { ...transfer, amount: quote.receiveAmount })).toEqual([
      { field: 'amount', expected: '10.75', actual: '10' },
    ]);
  });

  it.each<[Partial<QuotedTransfer>, string | null, string]>([
    [{ amount: 1074n }, '10.75', '10.74'],
    [{ currency: 'TZS' }, 'USD', 'TZS'],
    [
      { destinationAccount: 'http://ledger.test/accounts/eve' },
      'http://ledger.test/accounts/bob',
      'http://ledger.test/accounts/eve',
    ],
    [{ transferType: TransferType.CashOut }, 'p2p', 'cashOut'],
    [{ payerIdentifier: '30754016' }, '92806391', '30754016'],
    [{ payeeIdentifier: '92806391' }, '30754016', '92806391'],
  ])('N90: differs in %p', (values, expected, actual) => {
    const refusal = refusalOf(quote, { ...transfer, ...values });
    expect(refusal?.status).toBe(422);
    expect(refusal?.toBody()).toEqual({
      id: 'QuoteMismatchError',
      message: 'Parameters differ from those of the quote',
      params: [{ field: Object.keys(values)[0], expected, actual }],
    });
  });

  it('match only with the same invoice if the quote is for one', () => {
    const ofInvoice = { ...quote, transferType: TransferType.Invoice, invoiceId: 'a' };
    const told = { ...transfer, transferType: TransferType.Invoice };
    for (const invoiceId of ['b', null]) {
      expect(refusalOf(ofInvoice, { ...told, invoiceId })?.extras['params']).toEqual([
        { field: 'invoiceId', expected: 'a', actual: invoiceId },
      ]);
    }
    expect(mismatchesOf(ofInvoice, { ...told, invoiceId: 'a' })).toEqual([]);
    expect(mismatchesOf({ ...ofInvoice, invoiceId: null }, { ...told, invoiceId: 'b' })).toEqual([]);
  });

  it('match without the members that the transfer lacks, but not a transfer without an account', () => {
    const { amount, currency, destinationAccount } = transfer;
    expect(mismatchesOf(quote, { amount, currency, destinationAccount })).toEqual([]);
    expect(mismatchesOf({ ...quote, destinationAccount: null }, transfer)).toEqual([
      { field: 'destinationAccount', expected: null, actual: destinationAccount },
    ]);
  });

  it.each<[string, Quote | null, QuoteErrorId, number]>([
    ['N88: no quote', null, QuoteErrorId.NotFound, 404],
    ['N89: expired', { ...quote, status: QuoteStatus.Expired }, QuoteErrorId.Expired, 422],
    ['N91: used', { ...quote, status: QuoteStatus.Used }, QuoteErrorId.Used, 422],
  ])('%s', (_name, of, id, status) => {
    for (const any of [transfer, { ...transfer, amount: 1n }]) {
      expect(refusalOf(of, any)).toMatchObject({ id, status });
    }
  });

  it('match while the quote is reserved', () => {
    expect(refusalOf(quote, transfer)).toBeUndefined();
  });

  it('differ in exactly the changed members', () => {
    const fields = fc.record(
      {
        amount: fc.bigInt(1n, 3n),
        currency: fc.constantFrom('USD', 'TZS'),
        destinationAccount: fc.constantFrom('a', 'b'),
        transferType: fc.constantFrom(TransferType.P2p, TransferType.Invoice),
        payerIdentifier: fc.constantFrom('1', '2'),
        payeeIdentifier: fc.constantFrom('1', '2'),
      },
      { requiredKeys: ['amount', 'currency', 'destinationAccount'] },
    );
    const complete = fields.filter(({ transferType, payerIdentifier, payeeIdentifier }) =>
      [transferType, payerIdentifier, payeeIdentifier].every((value) => value !== undefined),
    );
    fc.assert(
      fc.property(complete, fields, fc.constantFrom(...Object.values(QuoteSide)), (agreed, actual, side) => {
        const { amount, payerIdentifier = '', payeeIdentifier = '', transferType = TransferType.P2p, ...rest } = agreed;
        const parties = { ...PARTIES, payerIdentifier, payeeIdentifier };
        const of = { ...quote, ...rest, transferType, transferAmount: amount, ...sideColumns(side, parties) };
        const differing = Object.keys(agreed).filter((field) => {
          const name = field as keyof typeof agreed;
          return actual[name] !== undefined && actual[name] !== agreed[name];
        });
        expect(
          mismatchesOf(of, actual)
            .map(({ field }) => field)
            .toSorted(),
        ).toEqual(differing.toSorted());
      }),
    );
  });
});

describe('a quote', () => {
  it.each(Object.values(QuoteSide))('has payer and payee by side %s', (side) => {
    const columns = sideColumns(side, PARTIES);
    expect(partiesOf(columns)).toEqual(PARTIES);
    expect(columns.identifier).toBe(side === QuoteSide.Debit ? '30754016' : '92806391');
  });
});
