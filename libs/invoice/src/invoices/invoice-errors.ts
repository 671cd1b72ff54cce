import { errorsOf } from '@level-one/errors';

/** Error ids of invoices and their notifications (contract 6.2). */
export enum InvoiceErrorId {
  NotFound = 'InvoiceNotFoundError',
  NotPending = 'InvoiceNotPendingError',
  NotStandard = 'InvoiceNotStandardError',
  WrongType = 'WrongInvoiceTypeError',
  /** Spelled as in the contract. */
  PayerMissmatch = 'InvoicePayerMissmatchError',
  NotificationNotFound = 'InvoiceNotificationNotFoundError',
}

export const invoiceError = errorsOf<InvoiceErrorId>({
  [InvoiceErrorId.NotFound]: { status: 404, message: 'Invoice was not found' },
  [InvoiceErrorId.NotPending]: { status: 422, message: 'Invoice is not in pending status' },
  [InvoiceErrorId.NotStandard]: {
    status: 422,
    message: 'Only an invoice that names its client can be cancelled or rejected',
  },
  [InvoiceErrorId.WrongType]: { status: 422, message: 'The invoice is of another type' },
  [InvoiceErrorId.PayerMissmatch]: { status: 422, message: 'The invoice is for another payer' },
  [InvoiceErrorId.NotificationNotFound]: { status: 404, message: 'Invoice notification was not found' },
});
