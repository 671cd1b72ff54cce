import { Right } from './account.entity.js';

/** Who calls the ledger. */
export interface Principal {
  /** Name of its account. */
  name: string;
  isAdmin: boolean;
  rights: readonly Right[];
  /** What it showed. */
  credential?: {
    /** Of the account's password; another one for each. */
    version: string;
    /** Whether it was the password itself, and not a token. */
    isPassword: boolean;
    /** Unix time in ms when a token runs out. */
    until?: number;
  };
}

/** Whether somebody may act as the owner of an account, or holds the right to do so for every account. */
export function mayActFor(principal: Principal, account: string, right: Right): boolean {
  return principal.name === account || principal.isAdmin || principal.rights.includes(right);
}
