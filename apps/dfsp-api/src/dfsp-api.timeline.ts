import { invoiceTimeline, notificationTimeline } from '@level-one/invoice';
import { QUOTE_TIMELINE } from '@level-one/quote';
import { RESERVATION_TIMELINE } from '@level-one/tariff';
import type { TimelineSource } from '@level-one/work';
import type { DfspApiSettings } from './dfsp-api.settings.js';
import { noticeTimeline } from './notices/notice-timeline.js';
import { receiverPaymentTimeline } from './payee/payments/receiver-payment-timeline.js';
import { BULK_ROW_TIMELINE } from './payer/bulk/bulk-row-timeline.js';
import { outgoingPaymentTimeline } from './payer/payments/outgoing-payment-timeline.js';

/**
 * By the payments and the quotes: an invoice that can be paid again does not name the payment that failed, and one that
 * was shown with a price and never paid has no payment.
 */
const INVOICES = `
  SELECT invoice_id FROM receiver_payments WHERE payment_id = $1
  UNION SELECT CASE WHEN invoice_id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN invoice_id::uuid END
  FROM quotes WHERE payment_id = $1 AND NOT is_debit`;
const NOTIFICATIONS = `
  SELECT notification_id FROM outgoing_payments WHERE payment_id = $1
  UNION SELECT shown.id FROM quotes JOIN invoice_notifications AS shown
    ON shown.invoice_url = quotes.receiver AND shown.sender_identifier = quotes.own_identifier
  WHERE quotes.payment_id = $1 AND quotes.is_debit`;

/** What a DFSP API keeps of a payment, in the order of the flow. */
export function dfspApiTimeline(settings: DfspApiSettings): TimelineSource[] {
  return [
    BULK_ROW_TIMELINE,
    invoiceTimeline(`SELECT * FROM invoices WHERE id IN (${INVOICES})`),
    noticeTimeline(`SELECT * FROM notices WHERE invoice_id IN (SELECT invoice_id::text FROM (${INVOICES}) AS paid)`),
    notificationTimeline(`SELECT * FROM invoice_notifications WHERE id IN (${NOTIFICATIONS})`),
    ...QUOTE_TIMELINE,
    ...RESERVATION_TIMELINE,
    outgoingPaymentTimeline(settings),
    receiverPaymentTimeline(settings),
  ];
}
