/** States of an invoice notification at the client's DFSP (contract 4.2). */
export enum InvoiceNotificationStatus {
  Pending = 'pending',
  /** Paid. */
  Executed = 'executed',
  /** Rejected by the client. */
  Rejected = 'rejected',
  /** Cancelled by the merchant. */
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
  // The invoice has ended otherwise at its issuer, before the rejection came.
  [InvoiceNotificationStatus.Rejected]: [
    InvoiceNotificationStatus.Executed,
    InvoiceNotificationStatus.Cancelled,
    InvoiceNotificationStatus.Expired,
  ],
  // The money has moved, although the merchant's side ended the invoice meanwhile.
  [InvoiceNotificationStatus.Cancelled]: [InvoiceNotificationStatus.Executed],
  [InvoiceNotificationStatus.Expired]: [InvoiceNotificationStatus.Executed],
};

export function isLegalNotificationMove(from: InvoiceNotificationStatus, to: InvoiceNotificationStatus): boolean {
  return LEGAL_MOVES[from].includes(to);
}

/** Statuses from which a notification may move to `to`. */
export function notificationStatusesBefore(to: InvoiceNotificationStatus): InvoiceNotificationStatus[] {
  return Object.values(InvoiceNotificationStatus).filter((from) => isLegalNotificationMove(from, to));
}

/** Status for the DFSP's own channels. */
export const NOTIFICATION_CHANNEL_STATUS = {
  [InvoiceNotificationStatus.Pending]: 'pending',
  [InvoiceNotificationStatus.Executed]: 'paid',
  [InvoiceNotificationStatus.Rejected]: 'rejected',
  [InvoiceNotificationStatus.Cancelled]: 'cancelled',
  [InvoiceNotificationStatus.Expired]: 'expired',
} as const satisfies Record<InvoiceNotificationStatus, string>;
