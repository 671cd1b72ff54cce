import { Right } from './account.entity.js';

/** Who calls the ledger. */
export interface Principal {
  /** Name of its account. */
  name: string;
  isAdmin: boolean;
  rights: readonly Right[];
}

/** Whether somebody may act as the owner of an account, or holds the right to do so for every account. */
export function mayActFor(principal: Principal, account: string, right: Right): boolean {
  return principal.name === account || principal.isAdmin || principal.rights.includes(right);
}
