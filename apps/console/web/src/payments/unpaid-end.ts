import type { TimelineEntry } from '../api/payments';

/** How the invoice or the price of a payment ended that nobody made. */
export interface UnpaidEnd {
  kind: 'expired' | 'cancelled' | 'rejected' | 'paid' | 'beingPaid' | 'unanswered' | 'priceExpired';
  /** When, ISO 8601; of an invoice without an answer since when. */
  at: string;
  /** Until when the price was valid, once that is over. */
  priceUntil?: string;
}

const OF_INVOICE = {
  expired: 'expired',
  cancelled: 'cancelled',
  rejected: 'rejected',
  executed: 'paid',
  approved: 'beingPaid',
} as const;

const isEnd = (state: string): state is keyof typeof OF_INVOICE => state in OF_INVOICE;

/** The last state of something: by its time, for some of them are noted later than they happen. */
function lastOf(entries: readonly TimelineEntry[], of: string): { at: string; state: string } | undefined {
  return entries
    .flatMap(({ of: one, kind, at, state }) => (one === of && kind === 'state' && state ? [{ at, state }] : []))
    .toSorted((a, b) => a.at.localeCompare(b.at))
    .at(-1);
}

/**
 * Why nobody made a payment, from its timeline: the invoice ended, at its issuer or as the customer's DFSP was told, or has
 * no answer yet, or the price was not paid in time. Undefined while the price may be paid.
 */
export function unpaidEndOf(entries: readonly TimelineEntry[]): UnpaidEnd | undefined {
  const notification = lastOf(entries, 'notification');
  const invoice = lastOf(entries, 'invoice') ?? notification;
  if (invoice && isEnd(invoice.state)) return { kind: OF_INVOICE[invoice.state], at: invoice.at };
  const quote = lastOf(entries, 'quote');
  const priceUntil = quote?.state === 'expired' ? quote.at : undefined;
  if (notification?.state === 'pending') {
    return { kind: 'unanswered', at: notification.at, ...(priceUntil !== undefined && { priceUntil }) };
  }
  return priceUntil === undefined ? undefined : { kind: 'priceExpired', at: priceUntil };
}
