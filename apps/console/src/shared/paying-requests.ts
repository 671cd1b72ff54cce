/** Paths of the requests by which channels pay, at a DFSP API: a regular expression of the database. */
export const PAYING_PATHS = '/(invoiceNotifications/pay|invoice/pay|transfer)$';

/** Paths of the requests by which channels begin what ends as payments: also prices and lists. */
export const BEGINNING_PATHS = '/(invoiceNotifications/pay|invoice/pay|transfer|quote|bulkPayments)$';
