import { AmountType, type QuoteDraft, QuoteRepository, QuoteSide, sideColumns, TransferType } from '@level-one/quote';
import { Limits } from '@level-one/tariff';
import { randomUUID } from 'node:crypto';
import { type ReceiverPayment, ReceiverPaymentStatus } from '../src/payee/payments/receiver-payment.entity.js';
import { type OutgoingPayment, OutgoingPaymentStatus } from '../src/payer/payments/outgoing-payment.entity.js';
import { ALICE, DAVE, type TestBed } from './test-bed.js';

/** What limits depend on in a payment from Alice to Dave. */
export const P2P = { transferType: TransferType.P2p, payeeIdentifier: DAVE };

/** A quote of one side of a payment of 10.00 from Alice to Dave. */
export const draft = (side: QuoteSide, more: Partial<QuoteDraft> = {}): QuoteDraft => ({
  paymentId: randomUUID(),
  ...sideColumns(side, {
    payerIdentifier: ALICE,
    payerIdentifierType: 'eur',
    payeeIdentifier: DAVE,
    payeeIdentifierType: 'eur',
  }),
  transferType: TransferType.P2p,
  amountType: AmountType.Send,
  amount: 1_000n,
  transferAmount: 1_000n,
  receiveAmount: 1_000n,
  charged: 0n,
  currency: 'USD',
  scale: 2,
  sourceAmount: side === QuoteSide.Debit ? 1_000n : null,
  fee: 0n,
  commission: 0n,
  peerFee: 0n,
  peerCommission: 0n,
  params: {},
  ...more,
});

/** Stores a quote and reserves its part of the limits, as the services do. */
export async function keepQuote(on: TestBed, quote: QuoteDraft, pool?: string): Promise<boolean> {
  const { request, explain } = await on.get(Limits).reservationOf({
    ...P2P,
    paymentId: quote.paymentId,
    side: quote.side,
    subject: quote.ownIdentifier,
    payerIdentifier: ALICE,
    amount: quote.transferAmount,
    currency: quote.currency,
    expiresAt: new Date(Date.now() + 600_000),
    ...(pool === undefined ? {} : { pool }),
  });
  const save = on.get(QuoteRepository).prepareSave('reserve_limits({1})');
  try {
    return (await save(quote, undefined, request)).isNew;
  } catch (error) {
    throw explain(error);
  }
}

/** Alice's payment of such a quote. */
export function outgoing(paymentId: string, more: Partial<OutgoingPayment> = {}): OutgoingPayment {
  const at = new Date(Date.now() + 60_000);
  return {
    paymentId,
    invoiceUrl: null,
    isQuoted: true,
    notificationId: null,
    payerIdentifier: ALICE,
    payeeIdentifier: null,
    payeeName: null,
    payeeAccount: null,
    account: 'alice',
    amount: 1_000n,
    fee: 0n,
    commission: 0n,
    status: OutgoingPaymentStatus.Paying,
    expiresAt: at,
    conditionHash: null,
    fulfillment: null,
    rejectionMessage: null,
    checkAt: at,
    sendingUntil: null,
    createdAt: new Date(),
    ...more,
  };
}

/** The same payment at Dave's side. */
export function incoming(paymentId: string, more: Partial<ReceiverPayment> = {}): ReceiverPayment {
  const at = new Date(Date.now() + 60_000);
  return {
    paymentId,
    invoiceId: null,
    identifier: DAVE,
    senderIdentifier: ALICE,
    amount: 1_000n,
    status: ReceiverPaymentStatus.Prepared,
    isQuoted: true,
    fingerprint: paymentId,
    approval: { destinationAccount: 'dave' } as ReceiverPayment['approval'],
    fromDfsp: 'dfsp2',
    transferId: paymentId,
    expiresAt: at,
    checkAt: at,
    ...more,
  };
}
