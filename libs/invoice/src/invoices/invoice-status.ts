/** Kinds of invoices (contract 2.2). */
export enum InvoiceType {
  /** For one named client, who is notified and alone may pay it. */
  Standard = 'standard',
  /** For whoever presents its URL first. */
  Pending = 'pending',
  /** For whoever presents its URL, any number of times: it stays pending for ever. */
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
  // Back to pending when the payment failed, or had no money yet when another one, or whoever revokes it, takes it.
  [InvoiceStatus.Approved]: [InvoiceStatus.Pending, InvoiceStatus.Executed],
  [InvoiceStatus.Executed]: [],
  [InvoiceStatus.Rejected]: [],
  [InvoiceStatus.Cancelled]: [],
  [InvoiceStatus.Expired]: [],
};

export function isLegalInvoiceMove(from: InvoiceStatus, to: InvoiceStatus): boolean {
  return LEGAL_MOVES[from].includes(to);
}

/** States from which an invoice may come into `to`. */
export function invoiceStatusesBefore(to: InvoiceStatus): InvoiceStatus[] {
  return Object.values(InvoiceStatus).filter((from) => isLegalInvoiceMove(from, to));
}

/** Whether a client is named on invoices of this type: notified of it, and able to reject it. */
export function isAddressed(type: InvoiceType): boolean {
  return type === InvoiceType.Standard || type === InvoiceType.CashOut;
}

/** What other DFSPs are told (rows 14 to 16). */
export const SPSP_STATUS = {
  [InvoiceStatus.Pending]: 'unpaid',
  [InvoiceStatus.Approved]: 'unpaid',
  [InvoiceStatus.Executed]: 'paid',
  [InvoiceStatus.Rejected]: 'rejected',
  [InvoiceStatus.Cancelled]: 'cancelled',
  [InvoiceStatus.Expired]: 'expired',
} as const satisfies Record<InvoiceStatus, string>;

/** What the DFSP's own channel is told. */
export const CHANNEL_STATUS = {
  ...SPSP_STATUS,
  [InvoiceStatus.Pending]: 'pending',
  [InvoiceStatus.Approved]: 'pending',
} as const satisfies Record<InvoiceStatus, string>;
