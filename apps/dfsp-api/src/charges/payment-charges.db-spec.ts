import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { AmountType, type QuoteDraft, QuoteRepository, QuoteSide, sideColumns, TransferType } from '@level-one/quote';
import { ALICE, DAVE, TestBed } from '../../test/test-bed.js';
import { PaymentCharges } from './payment-charges.js';

const PARTIES = {
  payerIdentifier: ALICE,
  payerIdentifierType: 'eur',
  payeeIdentifier: DAVE,
  payeeIdentifierType: 'eur',
} as const;

describe('charges of a payment', () => {
  let bed: TestBed;

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());

  const charges = () => bed.get(PaymentCharges);
  const quotes = () => bed.get(QuoteRepository);

  /** Quote of one side of a payment of 10.00 from alice to dave; both sides have charges. */
  async function quote(paymentId: string, side: QuoteSide, params: Record<string, unknown> = {}): Promise<void> {
    const draft: QuoteDraft = {
      paymentId,
      ...sideColumns(side, PARTIES),
      transferType: TransferType.P2p,
      amountType: AmountType.Send,
      amount: 1_000n,
      transferAmount: 1_000n,
      receiveAmount: 950n,
      charged: 50n,
      currency: 'USD',
      scale: 2,
      ...(side === QuoteSide.Debit ? { sourceAmount: 1_000n } : { destinationAccount: 'dave' }),
      fee: side === QuoteSide.Debit ? 25n : 50n,
      commission: side === QuoteSide.Debit ? 3n : 0n,
      peerFee: side === QuoteSide.Debit ? 50n : 25n,
      peerCommission: 0n,
      params,
    };
    await quotes().saveQuote(draft);
  }

  async function inside(paymentId: string, account: string | null): Promise<void> {
    await quote(paymentId, QuoteSide.Debit, { account });
    await quote(paymentId, QuoteSide.Credit);
  }

  const hold = (paymentId: string) => bed.get(DataSource).query('SELECT hold_quote($1, true)', [paymentId]);
  const payer = (paymentId: string) => ({ paymentId, account: 'alice', fee: 25n, commission: 3n });
  const handInPayers = async (paymentId: string) =>
    charges().handInPayers(payer(paymentId), await quotes().findSides(paymentId));
  const handInPayees = async (paymentId: string) =>
    charges().handInPayees(paymentId, await quotes().findSides(paymentId));
  /** Charges that were handed in for a payment, by request. */
  const handedIn = (paymentId: string) =>
    bed.peers
      .callsTo(new RegExp(`^PUT /ledger/transfers/${paymentId}/charges$`))
      .map(({ body }) =>
        body.map(({ from, to, amount }: { from: string; to: string; amount: string }) => [
          ...[from, to].map((account) => account.split('/').at(-1)),
          amount,
        ]),
      );
  const PAYERS = [
    ['alice', 'fees', '0.25'],
    ['commission', 'agent-commission', '0.03'],
  ];
  const PAYEES = [['dave', 'fees', '0.50']];

  it('between DFSPs are those of one side', async () => {
    const [outgoing, incoming] = [randomUUID(), randomUUID()];
    await quote(outgoing, QuoteSide.Debit, { account: 'alice' });
    await handInPayers(outgoing);
    expect(handedIn(outgoing)).toEqual([PAYERS]);
    await quote(incoming, QuoteSide.Credit, { isForeign: true });
    await handInPayees(incoming);
    expect(handedIn(incoming)).toEqual([PAYEES]);
  });

  it('inside the DFSP are those of both sides, from either side', async () => {
    const paymentId = randomUUID();
    await inside(paymentId, 'alice');
    await hold(paymentId);
    await handInPayers(paymentId);
    await handInPayees(paymentId);
    const both = [...PAYERS, ...PAYEES];
    expect(handedIn(paymentId)).toEqual([both, both]);
  });

  it('of an invoice inside the DFSP are taken from the account that its transfer debits', async () => {
    const paymentId = randomUUID();
    await inside(paymentId, null);
    await hold(paymentId);
    bed.ledgerHas(paymentId, 'prepared', { debits: [{ account: 'alice', amount: '10.00' }] });
    await handInPayees(paymentId);
    expect(handedIn(paymentId)).toEqual([[...PAYERS, ...PAYEES]]);
  });

  it('are only the payee’s if no client pays the quote, or if another DFSP asked for it with the same id', async () => {
    const [unpaid, foreign] = [randomUUID(), randomUUID()];
    await inside(unpaid, 'alice');
    await handInPayees(unpaid);
    expect(handedIn(unpaid)).toEqual([PAYEES]);
    await quote(foreign, QuoteSide.Debit, { account: 'alice' });
    await quote(foreign, QuoteSide.Credit, { isForeign: true });
    await hold(foreign);
    await handInPayees(foreign);
    expect(handedIn(foreign)).toEqual([PAYEES]);
  });
});
