/** Kinds of invoices (contract 2.2). */
export enum InvoiceType {
  /** For one named client, who is notified and is the only one who may pay it. */
  Standard = 'standard',
  /** For the first client who presents its URL. */
  Pending = 'pending',
  /** For any client who presents its URL, any number of times. It stays pending. */
  Product = 'product',
  /** For one named client, who is notified; paid out by an agent. */
  CashOut = 'cashOut',
}

/** States of an invoice at the merchant's DFSP (contract 4.1). */
export enum InvoiceStatus {
  Pending = 'pending',
  /** One payment of it is in progress. */
  Approved = 'approved',
  Executed = 'executed',
  Rejected = 'rejected',
  Cancelled = 'cancelled',
  Expired = 'expired',
}

const LEGAL_MOVES: Record<InvoiceStatus, readonly InvoiceStatus[]> = {
  [InvoiceStatus.Pending]: [
    InvoiceStatus.Approved,
    InvoiceStatus.Executed,
    InvoiceStatus.Rejected,
    InvoiceStatus.Cancelled,
    InvoiceStatus.Expired,
  ],
  // Back to pending when the payment failed, or when another payment or a revocation takes over before money moved.
  [InvoiceStatus.Approved]: [InvoiceStatus.Pending, InvoiceStatus.Executed],
  [InvoiceStatus.Executed]: [],
  [InvoiceStatus.Rejected]: [],
  [InvoiceStatus.Cancelled]: [],
  [InvoiceStatus.Expired]: [],
};

export function isLegalInvoiceMove(from: InvoiceStatus, to: InvoiceStatus): boolean {
  return LEGAL_MOVES[from].includes(to);
}

/** Statuses from which an invoice may move to `to`. */
export function invoiceStatusesBefore(to: InvoiceStatus): InvoiceStatus[] {
  return Object.values(InvoiceStatus).filter((from) => isLegalInvoiceMove(from, to));
}

/** Whether invoices of this type name a client, who is notified and can reject them. */
export function isAddressed(type: InvoiceType): boolean {
  return type === InvoiceType.Standard || type === InvoiceType.CashOut;
}

/** Status for other DFSPs (rows 14 to 16). */
export const SPSP_STATUS = {
  [InvoiceStatus.Pending]: 'unpaid',
  [InvoiceStatus.Approved]: 'unpaid',
  [InvoiceStatus.Executed]: 'paid',
  [InvoiceStatus.Rejected]: 'rejected',
  [InvoiceStatus.Cancelled]: 'cancelled',
  [InvoiceStatus.Expired]: 'expired',
} as const satisfies Record<InvoiceStatus, string>;

/** Status of an invoice as other DFSPs see it. */
export type SpspInvoiceStatus = (typeof SPSP_STATUS)[InvoiceStatus];

/** Status for the DFSP's own channels. */
export const CHANNEL_STATUS = {
  ...SPSP_STATUS,
  [InvoiceStatus.Pending]: 'pending',
  [InvoiceStatus.Approved]: 'pending',
} as const satisfies Record<InvoiceStatus, string>;
