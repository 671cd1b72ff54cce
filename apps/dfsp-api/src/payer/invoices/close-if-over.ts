import type {
  InvoiceNotification,
  InvoiceNotificationRepository,
  InvoiceNotificationStatus,
  SpspInvoiceStatus,
} from '@level-one/invoice';

/** Ends a notification like its invoice, if that has ended. Answers the status that the notification has then. */
export async function closeIfOver(
  notifications: InvoiceNotificationRepository,
  { id, status }: Pick<InvoiceNotification, 'id' | 'status'>,
  invoiceStatus: SpspInvoiceStatus,
): Promise<InvoiceNotificationStatus> {
  return (await notifications.endLikeInvoice(id, invoiceStatus)) ?? status;
}
