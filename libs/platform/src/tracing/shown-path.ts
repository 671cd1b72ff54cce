/** Segments of the paths of routes. Anything else in a path may be the number or the account of a person. */
const WORDS: ReadonlySet<string> = new Set(
  (
    'accounts adapter add approval auth_token backend balance bulkPayments cancel cap-alerts charges check claims ' +
    'client close commands confirmations connection connectors createIPR credentials customers dfsps digest directory ' +
    'downtimes entries execute feeRules fulfillment funds get grace health identifier-types ilp ilpAddress invariants ' +
    'invoice invoiceFees invoiceNotifications invoices keys lapsed-transfers late-transfers ledger limitRules limits live ' +
    'merchant merchantInvoice messages notifications open pain.001.xml pay payIPR payment payments payments.csv pending ' +
    'positions primary metrics query quote quoteDestinationAmount quoteIPR quoteSourceAmount quotes receiver receivers ' +
    'reconciliation ready refusal refusals refusedRows register reject reject-expired-transfers rejection reports resend resources result resume ' +
    'rows scheme settle-transfers settlement-accounts settlements setup signing-key spsp state statement status timeline traces ' +
    'transfer transfers undelivered user users v1 void webhooks websocket'
  ).split(' '),
);
const UUID = /^[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$/i;
export const HIDDEN = '…';

/** A path without its query, in which only words of routes and UUIDs are readable. */
export function shownPath(path: string): string {
  return path
    .replace(/[?#].*$/s, '')
    .split('/')
    .map((segment) => (segment === '' || WORDS.has(segment) || UUID.test(segment) ? segment : HIDDEN))
    .join('/');
}

/** Whether it is a UUID. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
