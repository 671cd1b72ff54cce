/** Whose DFSP is meant: fees, limits and quotes are kept on both sides of a payment, each by its own. */
export enum QuoteSide {
  /** The payer's. */
  Debit = 'debit',
  /** The payee's. */
  Credit = 'credit',
}
