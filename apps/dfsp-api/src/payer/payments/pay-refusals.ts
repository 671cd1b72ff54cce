/** Error ids of a refused payment of an invoice, for Swagger. */
export const PAY_REFUSALS =
  'InvoiceNotPendingError, InsufficientFundsError, ExpiredTransferError, or the reason of the rejection';

/** What 502 says about a payment, for Swagger. */
export const OPEN =
  'ExternalError; with a paymentId in the answer, the payment is still open: `GET /v1/payments/{paymentId}` tells its end';
