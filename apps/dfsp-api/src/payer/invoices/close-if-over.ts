import { type InvoiceNotification, InvoiceNotificationRepository, InvoiceNotificationStatus } from '@level-one/invoice';
import type { InvoiceWireStatus } from '@level-one/peers';

const OVER: Readonly<
  Partial<Record<InvoiceWireStatus, InvoiceNotificationStatus.Cancelled | InvoiceNotificationStatus.Expired>>
> = {
  cancelled: InvoiceNotificationStatus.Cancelled,
  expired: InvoiceNotificationStatus.Expired,
};

/** Closes a notification whose invoice cannot be paid any more. Answers the status that it has then. */
export async function closeIfOver(
  notifications: InvoiceNotificationRepository,
  { id, status }: InvoiceNotification,
  invoiceStatus: InvoiceWireStatus,
): Promise<InvoiceNotificationStatus> {
  const to = OVER[invoiceStatus];
  return to !== undefined && (await notifications.closeNotification(id, to)) ? to : status;
}
