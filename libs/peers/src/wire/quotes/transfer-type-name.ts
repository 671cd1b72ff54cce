import { isContractUuid } from '@level-one/platform';
import { TransferType } from '@level-one/quote';

/** What a payment is for, and the invoice it names, if any. */
export interface NamedType {
  transferType: TransferType;
  /** In lower case where it is a UUID. */
  invoiceId: string | null;
}

/** How the second seed's second sample spells person to person. */
const PROXY = 'PROXY';

/** Types that invoices are paid as; one of the type cashOut is a withdrawal. */
const OF_INVOICES = new Set([TransferType.Invoice, TransferType.CashOut]);

/** Reads a type as it goes over the wire, `invoice_<invoiceId>` included (contract 2.8); it is a known one. */
export function readTransferType(text: string): NamedType {
  const [type = '', ...rest] = text.split('_');
  const named = rest.join('_');
  const transferType = type === PROXY ? TransferType.P2p : (type as TransferType);
  return { transferType, invoiceId: OF_INVOICES.has(transferType) && named !== '' ? invoiceIdOf(named) : null };
}

/** `invoice_<invoiceId>` where an invoice is named. */
export function typeName({ transferType, invoiceId }: NamedType): string {
  return invoiceId === null ? transferType : `${transferType}_${invoiceId}`;
}

/** How an invoice's id is compared: UUIDs in lower case. */
export function invoiceIdOf(text: string): string {
  return isContractUuid(text) ? text.toLowerCase() : text;
}
