/** Side of a payment. Each DFSP has its own fees, limits and quotes on its side. */
export enum QuoteSide {
  /** The payer's side. */
  Debit = 'debit',
  /** The payee's side. */
  Credit = 'credit',
}
