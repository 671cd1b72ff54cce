import type { OldRows } from '@level-one/work';

/** No payment under this id may still end: its quote and what it reserved are needed until then. */
const NO_OPEN_PAYMENT = (table: string): string => `
  NOT EXISTS (
    SELECT FROM outgoing_payments AS payment
    WHERE payment.payment_id = ${table}.payment_id AND payment.status IN ('settingUp', 'paying')
  ) AND NOT EXISTS (
    SELECT FROM receiver_payments AS payment
    WHERE payment.payment_id = ${table}.payment_id AND payment.status IN ('proposed', 'prepared')
  )`;

/** Payments, invoices and paid notifications are kept: they are the records of what was paid. */
export const OLD_ROWS: readonly OldRows[] = [
  {
    table: 'quotes',
    key: 'id',
    isOld: `status IN ('used', 'expired') AND expires_at < $1 AND ${NO_OPEN_PAYMENT('quotes')}`,
  },
  {
    table: 'limit_reservations',
    key: 'ctid',
    isOld: `status IN ('confirmed', 'released') AND day < $1::date AND ${NO_OPEN_PAYMENT('limit_reservations')}`,
  },
  // The longest period is a month.
  { table: 'limit_usage', key: 'ctid', isOld: `starts_on < ($1::date - interval '1 month')::date` },
  { table: 'receiver_payments', key: 'payment_id', isOld: `status IN ('rejected', 'expired') AND expires_at < $1` },
  {
    table: 'invoice_notifications',
    key: 'id',
    isOld: `status IN ('rejected', 'cancelled', 'expired') AND created_at < $1
      AND NOT EXISTS (SELECT FROM outgoing_payments WHERE notification_id = invoice_notifications.id)`,
  },
  {
    table: 'notices',
    key: 'id',
    isOld: `status IN ('delivered', 'givenUp', 'undeliverable', 'withdrawn') AND created_at < $1`,
  },
];
