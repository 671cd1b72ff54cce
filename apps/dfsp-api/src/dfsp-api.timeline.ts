import { invoiceTimeline, notificationTimeline } from '@level-one/invoice';
import { QUOTE_TIMELINE } from '@level-one/quote';
import { RESERVATION_TIMELINE } from '@level-one/tariff';
import type { TimelineSource } from '@level-one/work';
import type { DfspApiSettings } from './dfsp-api.settings.js';
import { noticeTimeline } from './notices/notice-timeline.js';
import { receiverPaymentTimeline } from './payee/payments/receiver-payment-timeline.js';
import { BULK_ROW_TIMELINE } from './payer/bulk/bulk-row-timeline.js';
import { outgoingPaymentTimeline } from './payer/payments/outgoing-payment-timeline.js';

/** By the payments: an invoice that can be paid again does not name the payment that failed. */
const INVOICES = 'SELECT invoice_id FROM receiver_payments WHERE payment_id = $1';
const NOTIFICATIONS = 'SELECT notification_id FROM outgoing_payments WHERE payment_id = $1';

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
