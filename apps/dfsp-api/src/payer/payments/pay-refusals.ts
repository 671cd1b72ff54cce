/** Error ids of a refused payment of an invoice, for Swagger. */
export const PAY_REFUSALS =
  'InvoiceNotPendingError, InsufficientFundsError, ExpiredTransferError, or the reason of the rejection';
