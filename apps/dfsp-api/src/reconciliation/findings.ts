/** What can be found. The first is no difference. */
export enum FindingKind {
  PaymentUnderWay = 'PaymentUnderWay',
  PaymentWithoutTransfer = 'PaymentWithoutTransfer',
  TransferWithoutPayment = 'TransferWithoutPayment',
  TransferOfEndedPayment = 'TransferOfEndedPayment',
  AmountsDiffer = 'AmountsDiffer',
  PaymentOverdue = 'PaymentOverdue',
  InvoicePaidWithoutPayment = 'InvoicePaidWithoutPayment',
  InvoiceHeldByEndedPayment = 'InvoiceHeldByEndedPayment',
  InvoiceUnpaidDespitePayment = 'InvoiceUnpaidDespitePayment',
  NotificationPaidWithoutPayment = 'NotificationPaidWithoutPayment',
  NotificationHeldByEndedPayment = 'NotificationHeldByEndedPayment',
  NotificationUnpaidDespitePayment = 'NotificationUnpaidDespitePayment',
  QuoteReservedAfterPayment = 'QuoteReservedAfterPayment',
  QuoteUsedWithoutPayment = 'QuoteUsedWithoutPayment',
  QuoteOverdue = 'QuoteOverdue',
  LimitCountedForFailedPayment = 'LimitCountedForFailedPayment',
  LimitReservedAfterPayment = 'LimitReservedAfterPayment',
  LimitNotCounted = 'LimitNotCounted',
  LimitOverdue = 'LimitOverdue',
  LimitCounterDiffers = 'LimitCounterDiffers',
}

/** Why it can be so, and what to do. */
export interface Advice {
  cause: string;
  action: string;
}

const SWEEPER = 'The work in the background that ends it does not run, or fails again and again.';
const READ_LOG = 'Look for errors of the sweeper in the log of the DFSP API, and restart it.';
const RESTORED = 'A database was restored from a backup, or was changed by hand.';
const BY_PAYMENT =
  'Read the payment at both DFSPs and its transfers on all ledgers. The ledgers decide: correct the record.';

export const ADVICE: Readonly<Record<FindingKind, Advice>> = {
  [FindingKind.PaymentUnderWay]: {
    cause: 'The payment has not ended yet.',
    action: 'Nothing. It ends by itself, at the latest when the grace of its transfers is over.',
  },
  [FindingKind.PaymentWithoutTransfer]: {
    cause: `The payment is executed here, but not on the own ledger. ${RESTORED}`,
    action:
      'Read the transfers of the payment on all ledgers. If others have executed theirs, book the payment here again: docs/backup.md#after-a-restore. If none has, the customer has not paid.',
  },
  [FindingKind.TransferWithoutPayment]: {
    cause: `The own ledger has executed the transfer, but the payment is told as ended without money. ${RESTORED}`,
    action: 'The money has moved: tell the customer, and correct the record or pay the amount back.',
  },
  [FindingKind.TransferOfEndedPayment]: {
    cause: 'The payment is told as ended without money while its transfer may still be executed.',
    action: 'Wait until the transfer ends, then compare again. If it is executed, the money has moved.',
  },
  [FindingKind.AmountsDiffer]: {
    cause: `The transfer has another account or amount than the payment. ${RESTORED}`,
    action: 'The ledger decides. Compare the quote or the invoice with the transfer, and pay the difference back.',
  },
  [FindingKind.PaymentOverdue]: { cause: SWEEPER, action: READ_LOG },
  [FindingKind.InvoicePaidWithoutPayment]: {
    cause: `The invoice is told as paid, but no executed payment pays it. ${RESTORED}`,
    action: 'Read the payments of the invoice. Without an executed transfer the merchant has no money for it.',
  },
  [FindingKind.InvoiceHeldByEndedPayment]: { cause: SWEEPER, action: READ_LOG },
  [FindingKind.InvoiceUnpaidDespitePayment]: {
    cause: `An executed payment pays the invoice, but it is not told as paid. ${RESTORED}`,
    action: 'Tell merchant and client that it is paid, so that nobody pays it again.',
  },
  [FindingKind.NotificationPaidWithoutPayment]: {
    cause: `The notification is told as paid, but no executed payment pays it. ${RESTORED}`,
    action: BY_PAYMENT,
  },
  [FindingKind.NotificationHeldByEndedPayment]: { cause: SWEEPER, action: READ_LOG },
  [FindingKind.NotificationUnpaidDespitePayment]: {
    cause: `An executed payment pays the notification, but it is not told as paid. ${RESTORED}`,
    action: 'Tell the client that it is paid, so that it is not paid again.',
  },
  [FindingKind.QuoteReservedAfterPayment]: {
    cause: `The payment has ended, but its quote is still reserved. ${RESTORED}`,
    action: BY_PAYMENT,
  },
  [FindingKind.QuoteUsedWithoutPayment]: {
    cause: `The quote is used, but its payment is not executed. ${RESTORED}`,
    action: BY_PAYMENT,
  },
  [FindingKind.QuoteOverdue]: { cause: SWEEPER, action: READ_LOG },
  [FindingKind.LimitCountedForFailedPayment]: {
    cause: `The payment moved no money, but it counts towards the limits. ${RESTORED}`,
    action: 'The customer can pay less than allowed until the period ends. Release the reservation.',
  },
  [FindingKind.LimitReservedAfterPayment]: {
    cause: `The payment has ended, but its part of the limits is still reserved. ${RESTORED}`,
    action: BY_PAYMENT,
  },
  [FindingKind.LimitNotCounted]: {
    cause: `The payment is executed, but does not count towards the limits. ${RESTORED}`,
    action: 'The customer can pay more than allowed until the period ends.',
  },
  [FindingKind.LimitOverdue]: { cause: SWEEPER, action: READ_LOG },
  [FindingKind.LimitCounterDiffers]: {
    cause: `The counter of a day is not the sum of what it counts. ${RESTORED}`,
    action: 'Compare the reservations of the customer with the counter, and correct the counter.',
  },
};
