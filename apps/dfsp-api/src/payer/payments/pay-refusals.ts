/** What a payment of an invoice may be refused with, for Swagger. */
export const PAY_REFUSALS =
  'InvoiceNotPendingError, InsufficientFundsError, ExpiredTransferError, or the reason of whoever rejected the payment';
