/** Name of an account, from its URI at the central ledger: that of its DFSP. */
export const nameOf = (account: string): string => account.split('/').at(-1) ?? account;
