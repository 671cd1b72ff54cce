import { type Account, Right } from '../schema/account.entity.js';
import { isCustomer } from './account-kinds.js';

/** Who calls the ledger. */
export interface Principal {
  /** Name of its account. */
  name: string;
  isAdmin: boolean;
  /** Whether it is an account of a customer's kind, without rights. */
  isCustomer?: boolean;
  /** Whether a customer uses it at the ledger directly; others have little to ask here. */
  hasDirectUse?: boolean;
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

/** Rights whose holders deal with transfers of others, and may read them. */
const TRANSFER_RIGHTS: readonly Right[] = [
  Right.Read,
  Right.Authorize,
  Right.Reject,
  Right.Fulfil,
  Right.Charge,
  Right.Subscribe,
];

export function hasRight({ isAdmin, rights }: Principal, right: Right): boolean {
  return isAdmin || rights.includes(right);
}

/**
 * Whether somebody may act for an account: its owner, where the account is used directly, or the holder of a right,
 * which reaches customers' accounts and no others.
 */
export function mayActFor(principal: Principal, account: Account, right: Right): boolean {
  return (principal.name === account.name && account.directUse) || (isCustomer(account) && hasRight(principal, right));
}

/** Whether somebody may see the funds of an account. */
export function mayReadAccount(principal: Principal, name: string): boolean {
  return principal.name === name || hasRight(principal, Right.Read);
}

/** Whether somebody may see a transfer: one of its parties, or who deals with transfers of others. */
export function mayReadTransfer(
  principal: Principal,
  { debitAccount, creditAccount }: { debitAccount: string; creditAccount: string },
): boolean {
  const isParty = principal.name === debitAccount || principal.name === creditAccount;
  return isParty || TRANSFER_RIGHTS.some((right) => hasRight(principal, right));
}
