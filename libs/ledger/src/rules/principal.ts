import { Right } from '@level-one/transfer';
import { type Account } from '../schema/account.entity.js';
import { isCustomer } from './account-kinds.js';

/** An authenticated caller of the ledger. */
export interface Principal {
  /** Name of its account. */
  name: string;
  isAdmin: boolean;
  /** Whether its account is of a customer's kind and has no rights. */
  isCustomer?: boolean;
  /** Whether its account is a connector's. */
  isConnector?: boolean;
  /** Whether its account is a DFSP's on the central ledger. */
  isDfsp?: boolean;
  /** Whether the owner uses the account at the ledger directly. */
  hasDirectUse?: boolean;
  rights: readonly Right[];
  /** The credential it logged in with. */
  credential?: {
    /** Version of the account's password, see `Credentials`. */
    version: string;
    /** Whether it was the password, not a token. */
    isPassword: boolean;
    /** Expiry of the token, Unix time in ms. */
    until?: number;
  };
}

/** Rights to act on transfers of others, which include reading them. */
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
 * Whether the principal may act for an account: its owner if it has direct use, or a holder of the right if it is a
 * customer's account.
 */
export function mayActFor(principal: Principal, account: Account, right: Right): boolean {
  return (principal.name === account.name && account.directUse) || (isCustomer(account) && hasRight(principal, right));
}

/**
 * Whether the principal delivers transfers to customers, that is, a connector or a role with the right `fulfil`; it may
 * read the kind of an account.
 */
export function mayDeliver(principal: Principal): boolean {
  return principal.isConnector === true || hasRight(principal, Right.Fulfil);
}

/**
 * Whether the principal forwards payments, as a connector or a DFSP at the centre: it may void ids for its own debits,
 * because it has to know that it will never pay before it rejects what it was to be paid with (ruling 39).
 */
export function mayVoidOwnDebits({ isConnector, isDfsp }: Principal): boolean {
  return isConnector === true || isDfsp === true;
}

/** Whether the principal may read the funds of an account. */
export function mayReadAccount(principal: Principal, name: string): boolean {
  return principal.name === name || hasRight(principal, Right.Read);
}

/** Whether the principal may read a transfer: as a party of it, or by a right on transfers of others. */
export function mayReadTransfer(
  principal: Principal,
  { debitAccount, creditAccount }: { debitAccount: string; creditAccount: string },
): boolean {
  const isParty = principal.name === debitAccount || principal.name === creditAccount;
  return isParty || TRANSFER_RIGHTS.some((right) => hasRight(principal, right));
}
