interface OpenWords {
  /** What has not ended. */
  what: string;
  /** How it ends, and who has to do something. */
  ends: string;
}

const AS_LEDGER = 'By itself, as the transfer on the ledger ends: paid, or given back at its expiry.';
const LATE_GRACE =
  'By itself: the receiving side says whether it was paid further on; if it says nothing, the money goes back.';

/** What has not ended yet, by its kind and state at a role, in an operator's words. */
export const openStates = {
  'payment settingUp': {
    what: 'Payment that is being prepared',
    ends: 'By itself: it is sent, or given up within about a minute. No money is held.',
  },
  'payment paying': { what: 'Payment on its way to the payee', ends: AS_LEDGER },
  'payment pending': { what: 'Payment that was sent for the payer', ends: AS_LEDGER },
  'incoming-payment proposed': {
    what: 'Payment that was announced to the payee',
    ends: 'By itself: its money comes, or it expires.',
  },
  'incoming-payment prepared': { what: 'Payment that is arriving at the payee', ends: AS_LEDGER },
  'issued-payment issued': {
    what: 'Payment that may be sent to the payee',
    ends: 'By itself: its money comes, or it is forgotten an hour after its expiry.',
  },
  'issued-payment untold': {
    what: 'Ended payment of which the payee’s DFSP does not know yet',
    ends: 'By itself, when the payee’s DFSP takes the message. What it refuses is sent again under “Undelivered”.',
  },
  'invoice pending': {
    what: 'Invoice that is not paid yet',
    ends: 'The customer pays or rejects it, the merchant cancels it, or it expires.',
  },
  'invoice approved': { what: 'Invoice that is being paid', ends: 'By itself, with its payment.' },
  'notification pending': {
    what: 'Invoice that a customer has not answered',
    ends: 'The customer pays or rejects it, the merchant cancels it, or it expires.',
  },
  'quote reserved': {
    what: 'Price that was agreed and is not paid yet',
    ends: 'By itself: it is paid, or expires.',
  },
  'reservation reserved': {
    what: 'Part of a limit that is set aside for an agreed price',
    ends: 'By itself: it is used by the payment, or free again when the price expires.',
  },
  'notice pending': {
    what: 'Message to another DFSP that it has not taken yet',
    ends: 'By itself: it is sent again and again, and given up after some time.',
  },
  'notice undeliverable': {
    what: 'Message to another DFSP that was given up',
    ends: 'You decide: when the other DFSP is back, send it again, under “Undelivered”.',
  },
  'bulk-payment checking': { what: 'List of payments whose rows are being checked', ends: 'By itself.' },
  'bulk-payment checked': {
    what: 'List of payments that waits for a decision',
    ends: 'The customer of the DFSP who sent it pays or cancels it.',
  },
  'bulk-payment paying': { what: 'List of payments that is being paid', ends: 'By itself, with its last row.' },
  'bulk-payment-row waiting': {
    what: 'Row of a list of payments that is not checked yet',
    ends: 'By itself, when its payee was asked for.',
  },
  'bulk-payment-row checked': {
    what: 'Row of a list of payments that waits for a decision',
    ends: 'With its list: the customer who sent it pays or cancels it.',
  },
  'bulk-payment-row paying': {
    what: 'Row of a list of payments that is being paid',
    ends: 'By itself, with its payment.',
  },
  'late-source open': {
    what: 'Expired hold of a payment that may be paid further on',
    ends: 'By itself: as the payment ended at the next ledger. If it stays, see whether that ledger is ready.',
  },
  'claim lost': {
    what: 'Payment that reached the payee after the payer got the money back',
    ends: 'By itself: the DFSP in between asks the payer’s ledger for its money.',
  },
  'claim filed': {
    what: 'Demand for the money of a payment that was given back too early',
    ends: 'Two administrators of the payer’s ledger decide, unless an outage of the ledger explains it.',
  },
  'transfer proposed': {
    what: 'Transfer that is not authorized yet',
    ends: 'By itself: it is authorized, or expires.',
  },
  'transfer prepared': {
    what: 'Transfer whose money is on hold',
    ends: 'By itself: it is executed, or the money goes back at its expiry.',
  },
  'transfer late': { what: 'Expired transfer whose money is still on hold', ends: LATE_GRACE },
  'charge waiting': { what: 'Fee that waits for its transfer', ends: 'By itself, with its transfer.' },
  'settlement-window closed': {
    what: 'Settlement window that the banks have to pay',
    ends: 'You: give the payment file to the bank, then settle the window, under “Positions”.',
  },
} as const satisfies Readonly<Record<string, OpenWords>>;

/** What could not be delivered, by its kind. */
export const undeliveredKinds = {
  invoiceIssued: 'New invoice for a customer',
  invoiceCancelled: 'Invoice was cancelled',
  invoiceRejected: 'Invoice was rejected',
  paymentExecuted: 'Payment was paid',
  paymentRejected: 'Payment was rejected',
  paymentExpired: 'Payment has expired',
  waiting: 'is tried again',
  undeliverable: 'given up',
} as const;
