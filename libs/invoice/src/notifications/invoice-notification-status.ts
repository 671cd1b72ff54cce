/** States of an invoice notification at the client's DFSP (contract 4.2). */
export enum InvoiceNotificationStatus {
  Pending = 'pending',
  /** Paid. */
  Executed = 'executed',
  /** By the client. */
  Rejected = 'rejected',
  /** By the merchant. */
  Cancelled = 'cancelled',
  Expired = 'expired',
}

const LEGAL_MOVES: Record<InvoiceNotificationStatus, readonly InvoiceNotificationStatus[]> = {
  [InvoiceNotificationStatus.Pending]: [
    InvoiceNotificationStatus.Executed,
    InvoiceNotificationStatus.Rejected,
    InvoiceNotificationStatus.Cancelled,
    InvoiceNotificationStatus.Expired,
  ],
  [InvoiceNotificationStatus.Executed]: [],
  [InvoiceNotificationStatus.Rejected]: [],
  // Money that went is gone, whatever the merchant's side said of the invoice while it was on its way.
  [InvoiceNotificationStatus.Cancelled]: [InvoiceNotificationStatus.Executed],
  [InvoiceNotificationStatus.Expired]: [InvoiceNotificationStatus.Executed],
};

export function isLegalNotificationMove(from: InvoiceNotificationStatus, to: InvoiceNotificationStatus): boolean {
  return LEGAL_MOVES[from].includes(to);
}

/** States from which a notification may come into `to`. */
export function notificationStatusesBefore(to: InvoiceNotificationStatus): InvoiceNotificationStatus[] {
  return Object.values(InvoiceNotificationStatus).filter((from) => isLegalNotificationMove(from, to));
}

/** What the DFSP's own channel is told. */
export const NOTIFICATION_CHANNEL_STATUS = {
  [InvoiceNotificationStatus.Pending]: 'pending',
  [InvoiceNotificationStatus.Executed]: 'paid',
  [InvoiceNotificationStatus.Rejected]: 'rejected',
  [InvoiceNotificationStatus.Cancelled]: 'cancelled',
  [InvoiceNotificationStatus.Expired]: 'expired',
} as const satisfies Record<InvoiceNotificationStatus, string>;
