/** Most confirmations of a settlement window that a ledger takes at once. */
export const CONFIRMATIONS_MAX = 500;
