/** Which way money is moved between the issuance account and another one. */
export enum FundsDirection {
  /** From the issuance account to the account. */
  In = 'in',
  /** From the account to the issuance account. */
  Out = 'out',
}
