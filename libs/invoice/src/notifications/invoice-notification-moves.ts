import { InvoiceNotificationStatus, notificationStatusesBefore } from './invoice-notification-status.js';

/** A notification and its payment in a statement, each as an SQL expression, for example `$1`. */
export interface NotificationPaymentSql {
  notificationId: string;
  paymentId: string;
}

/*
 * The moves of a notification as SQL: each is one conditional update, so that of two at once one wins. They can be given
 * a `RETURNING` and be part of a statement that moves the payment too.
 */

/** Releases a claim after the payment has finally failed, so that the notification can be paid or rejected. */
export function releaseNotificationSql({ notificationId, paymentId }: NotificationPaymentSql): string {
  return `UPDATE invoice_notifications SET payment_id = NULL
    WHERE id = ${notificationId} AND status = '${InvoiceNotificationStatus.Pending}' AND payment_id = ${paymentId}`;
}

/** → executed, by the payment that claimed it. */
export function executeNotificationSql({ notificationId, paymentId }: NotificationPaymentSql): string {
  return `${endNotificationSql(InvoiceNotificationStatus.Executed, notificationId)} AND payment_id = ${paymentId}`;
}

/** Pending → rejected by the client, unless a payment is in progress. */
export function rejectNotificationSql(notificationId: string): string {
  return `${endNotificationSql(InvoiceNotificationStatus.Rejected, notificationId)} AND payment_id IS NULL`;
}

/** → a final status. */
export function endNotificationSql(
  to: Exclude<InvoiceNotificationStatus, InvoiceNotificationStatus.Pending>,
  notificationId: string,
): string {
  const before = notificationStatusesBefore(to).map((status) => `'${status}'`);
  return `UPDATE invoice_notifications SET status = '${to}'
    WHERE id = ${notificationId} AND status IN (${before.join(', ')})`;
}
