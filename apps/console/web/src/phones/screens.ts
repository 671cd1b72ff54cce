import type { Quoted } from '../api/phones';

/** What a phone shows. */
export type Screen =
  | { kind: 'home' }
  | { kind: 'newInvoice' }
  | { kind: 'invoice'; invoiceId: string; payerName?: string }
  | { kind: 'newProduct' }
  | { kind: 'product'; invoiceId: string }
  | { kind: 'notified'; invoiceNotificationId: string }
  | { kind: 'scan' }
  | { kind: 'buy'; invoiceUrl: string }
  | { kind: 'send' }
  | { kind: 'quote'; quote: Quoted; askAgain: SendOrder }
  | { kind: 'payment'; paymentId: string; name: string };

export interface SendOrder {
  amount: string;
  amountType: 'SEND' | 'RECEIVE';
  destinationIdentifier: string;
  sourceAccount: string;
}
