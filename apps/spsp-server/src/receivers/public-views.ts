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

/** Members of a receiver that a payer needs; other data of the person stays at the DFSP. */
export function publicReceiver(receiver: ReceiverDto): ReceiverDto {
  return pick(receiver, RECEIVER);
}

/**
 * Members of an invoice that a payer needs. A DFSP that is proven by its signature also gets the number of the client, and
 * shows the invoice to that client only.
 */
export function publicInvoice(invoice: InvoiceViewDto, from: string | undefined): InvoiceViewDto {
  return pick(invoice, from === undefined ? INVOICE : [...INVOICE, 'identifier']);
}
