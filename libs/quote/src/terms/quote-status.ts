/** States of a quote (contract 4.3). One that is used or expired does not change any more. */
export enum QuoteStatus {
  Reserved = 'reserved',
  /** A transfer with its paymentId was executed. */
  Used = 'used',
  Expired = 'expired',
}
