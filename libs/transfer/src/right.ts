/** Rights of an account's owner beyond its own account. They apply to customers' accounts only. */
export enum Right {
  /** All other rights, and to administer the ledger. */
  Admin = 'admin',
  /** Authorize the debit of any customer's account. */
  Authorize = 'authorize',
  /** Reject the credit of any customer's account. */
  Reject = 'reject',
  /** Execute transfers that credit a customer's account without direct use. */
  Fulfil = 'fulfil',
  /** Subscribe to the notifications of all accounts. */
  Subscribe = 'subscribe',
  /** Read the balance of any account. */
  Read = 'read',
  /** Put and read the fees and commissions of any transfer. */
  Charge = 'charge',
  /** Void the id of a transfer that the ledger does not know (ruling 40). */
  Void = 'void',
}
