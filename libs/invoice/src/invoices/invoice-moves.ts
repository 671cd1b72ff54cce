import { InvoiceStatus, invoiceStatusesBefore, InvoiceType } from './invoice-status.js';

/** An invoice and its payment in a statement, each as an SQL expression, for example `$1`. */
export interface InvoicePaymentSql {
  invoiceId: string;
  paymentId: string;
  payerIdentifier: string;
  /** Where the expressions are from, if they are columns. */
  from?: string;
}

/*
 * Moves of an invoice, as SQL: each is one conditional update, so that of two at once one wins. They can be given a
 * `RETURNING` and be part of a statement that moves the payment too.
 */

/** → executed, when the money of this payment has arrived. A product does not change. */
export function executeInvoiceSql({ invoiceId, paymentId, payerIdentifier, from }: InvoicePaymentSql): string {
  return `UPDATE invoices
    SET status = '${InvoiceStatus.Executed}', payment_id = ${paymentId}, payer_identifier = ${payerIdentifier}
    ${from === undefined ? '' : `FROM ${from}`}
    WHERE id = ${invoiceId} AND ${mayBecome(InvoiceStatus.Executed)} AND type <> '${InvoiceType.Product}'`;
}

/** Pending → cancelled or rejected, before its expiry. */
export function revokeInvoiceSql(
  to: InvoiceStatus.Cancelled | InvoiceStatus.Rejected,
  { invoiceId, now }: { invoiceId: string; now: string },
): string {
  return `UPDATE invoices SET status = '${to}'
    WHERE id = ${invoiceId} AND ${mayBecome(to)} AND (expires_at IS NULL OR expires_at > ${now})`;
}

function mayBecome(to: InvoiceStatus): string {
  return `invoices.status IN (${invoiceStatusesBefore(to)
    .map((status) => `'${status}'`)
    .join(', ')})`;
}
