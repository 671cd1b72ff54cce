/** Kinds of accounts: who owns an account, and what may debit and credit it (ruling 22). */
export enum AccountType {
  /** Of a customer, merchant or agent. */
  MobileWallet = 'mw',
  /** Of the scheme. */
  Settlement = 's',
  Fee = 'f',
  Commission = 'c',
  AgentCommission = 'ac',
  /** Of a connector; listed in the ledger's metadata. */
  Connector = 'con',
  /** Of a DFSP, on the central ledger. */
  Dfsp = 'dfsp',
  /** The account from which all money of the ledger is issued. */
  Issuance = 'issuance',
  /** A login with rights, for a role or an administrator; it holds no money. */
  Role = 'role',
}
