import type { InvoiceViewDto, ReceiverDto } from '@level-one/peers';

const RECEIVER = ['type', 'name', 'account', 'currencyCode', 'currencySymbol', 'currencyScale', 'imageUrl'] as const;
const INVOICE = [
  'type',
  'invoiceId',
  'account',
  'name',
  'currencyCode',
  'currencySymbol',
  'amount',
  'status',
  'invoiceType',
  'merchantIdentifier',
  'invoiceInfo',
  'expiresAt',
] as const;

function pick<T extends object>(whole: T, names: readonly (keyof T)[]): T {
  return Object.fromEntries(names.flatMap((name) => (whole[name] === undefined ? [] : [[name, whole[name]]]))) as T;
}

/** What whoever pays a receiver has to know, and nothing else that the DFSP keeps of the person. */
export function publicReceiver(receiver: ReceiverDto): ReceiverDto {
  return pick(receiver, RECEIVER);
}

/**
 * What whoever pays an invoice has to know. A DFSP, where it is proven to ask, is told the number of the client too: it
 * shows the invoice to nobody else.
 */
export function publicInvoice(invoice: InvoiceViewDto, from: string | undefined): InvoiceViewDto {
  return pick(invoice, from === undefined ? INVOICE : [...INVOICE, 'identifier']);
}
