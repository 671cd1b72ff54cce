import { stateTimes, type TimelineSource } from '@level-one/work';

const END = {
  used: 'The quote was used: its payment was executed',
  expired: 'The quote expired: its price is not valid any more',
};

/** A quote that a transfer holds ends with the transfer. */
const EXPIRY = { column: 'expires_at', isOpen: `row.status = 'reserved' AND row.held_at IS NULL` };

/** What a DFSP keeps of the quotes of a payment: its own side, and inside one DFSP both. */
export const QUOTE_TIMELINE: readonly TimelineSource[] = [
  {
    of: 'quote',
    rows: 'SELECT * FROM quotes WHERE payment_id = $1 AND is_debit',
    id: 'row.payment_id',
    times: [
      ...stateTimes({
        state: 'status',
        since: 'created_at',
        words: { reserved: "The price was agreed with the payee's DFSP", ...END },
        expiry: EXPIRY,
      }),
      { at: 'row.shown_at', what: `'The price was shown to the payer'` },
      { at: 'row.held_at', what: `'The transfer holds the quote'`, state: 'row.status' },
    ],
  },
  {
    of: 'quote',
    rows: 'SELECT * FROM quotes WHERE payment_id = $1 AND NOT is_debit',
    id: 'row.payment_id',
    times: [
      ...stateTimes({
        state: 'status',
        since: 'created_at',
        words: { reserved: "A price was given to the payer's DFSP", ...END },
        expiry: EXPIRY,
      }),
      { at: 'row.held_at', what: `'The transfer holds the quote'`, state: 'row.status' },
    ],
  },
];
