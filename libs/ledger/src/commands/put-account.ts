import { randomUUID } from 'node:crypto';
import {
  AccountType,
  FundsDirection,
  type TransferContent,
  transferError,
  TransferErrorCode,
} from '@level-one/transfer';
import { type Account } from '../schema/account.entity.js';
import { directUseOf } from '../rules/account-kinds.js';
import { ISSUANCE_ACCOUNT, mayHaveGrace } from '../books/books.js';
import type { Command } from './commands.js';
import type { CustomerKind } from '../schema/ledger-schema.js';
import { assertBookable, fundsTransfer } from './move-funds.js';

/** Change of an account by an administrator. Absent members keep their value, or get the default in a new account. */
export interface AccountChange {
  name: string;
  /**
   * Balance of the account, in minor units, booked against the issuance account. Once the account has entries, only its
   * present balance is accepted.
   */
  balance?: bigint;
  /** Minor units; null removes the floor. Default 0. */
  minimumAllowedBalance?: bigint | null;
  /** Minor units; null removes the cap. Default null. */
  netDebitCap?: bigint | null;
  isDisabled?: boolean;
  /** Default: `role` for an account with rights, else the ledger's customer kind. */
  accountType?: Account['accountType'];
  /** May be set for kind `mw` only. Default: true if `accountType` is absent too. */
  directUse?: boolean;
  /** Grace of transfers that credit the account, in s; null: the ledger's. Only for kinds `con` and `dfsp`. */
  graceS?: number | null;
  /** Public keys of ledgers behind the account, base64url. Only for kinds `con` and `dfsp`. Default none. */
  claimLedgerKeys?: string[];
  connector?: string | null;
  rights?: Account['rights'];
  passwordHash?: string | null;
}

export interface PutAccountOutcome {
  account: Account;
  created: boolean;
}

export interface PutAccountOptions {
  onlyNew?: boolean;
  /** Kind of an account whose `accountType` is absent. */
  customerKind?: CustomerKind;
}

/**
 * Opens or changes an account. An opening balance is booked in the same transaction. The kind cannot be changed once
 * the account has entries or holds.
 *
 * @throws ContractError 422 UnprocessableEntityError for a balance below the floor or other than the booked one, a kind
 * that is not allowed, or direct use, a grace or keys of ledgers that the kind does not allow; 422 RecordExistsError if `onlyNew` is set and the
 * account exists.
 */
export function putAccount(
  change: AccountChange,
  { onlyNew = false, customerKind = AccountType.MobileWallet }: PutAccountOptions = {},
): Command<PutAccountOutcome> {
  return {
    transferIds: [],
    accounts: [change.name, ISSUANCE_ACCOUNT],
    decide: (books) => {
      const known = books.account(change.name);
      if (change.name === ISSUANCE_ACCOUNT && change.balance !== undefined) throw notBookable();
      if (known && onlyNew) throw transferError(TransferErrorCode.RecordExists);
      if (known?.closedAt) throw notAllowed(`Account \`${change.name}\` is closed`);
      const account = known ?? newAccount(change.name);
      const { balance = account.posted - account.held, ...settings } = withoutAbsent(change);
      const difference = balance - (account.posted - account.held);
      const kind = kindAfter(known, change, customerKind);
      const changed = { ...account, ...settings, ...kind };
      if (changed.graceS !== null && !mayHaveGrace(changed.accountType)) throw hasNoGrace(changed);
      if (changed.claimLedgerKeys.length > 0 && !mayHaveGrace(changed.accountType)) throw makesNoClaims(changed);
      if (changed.isDisabled && !account.isDisabled) changed.timesDisabled += 1;
      if (difference !== 0n && account.hasEntries) throw hasEntries();
      assertAboveFloor(balance, changed.minimumAllowedBalance);
      const opening = difference === 0n ? undefined : openingBalance(account.name, difference);
      if (opening) assertBookable(books, opening);

      books.administerAccount(Object.assign(account, changed));
      if (opening) books.executeAtOnce(books.addTransfer(opening));
      return { account: { ...account }, created: !known };
    },
  };
}

type Kind = Pick<Account, 'accountType' | 'directUse'>;

function kindAfter(known: Account | undefined, change: AccountChange, customerKind: CustomerKind): Kind {
  const accountType = change.accountType ?? known?.accountType ?? kindByDefault(change, customerKind);
  const isNewKind = accountType !== known?.accountType;
  if (known && isNewKind && (known.hasEntries || known.held > 0n)) {
    throw notAllowed('The kind of an account cannot be changed once it has entries or holds');
  }
  if ((accountType === AccountType.Issuance) !== (change.name === ISSUANCE_ACCOUNT)) {
    throw notAllowed(`Only the account \`${ISSUANCE_ACCOUNT}\` is of kind ${AccountType.Issuance}`);
  }
  if (accountType === AccountType.Dfsp && customerKind !== AccountType.Dfsp) {
    throw notAllowed(`Accounts of kind ${AccountType.Dfsp} are on the central ledger`);
  }
  const byKind = directUseOf(accountType);
  if (byKind !== undefined && change.directUse !== undefined && change.directUse !== byKind) {
    throw notAllowed(`Accounts of kind ${accountType} ${byKind ? 'always' : 'never'} have direct use`);
  }
  const kept = known && !isNewKind ? known.directUse : change.accountType === undefined;
  return { accountType, directUse: byKind ?? change.directUse ?? kept };
}

function kindByDefault({ name, rights = [] }: AccountChange, customerKind: CustomerKind): AccountType {
  if (name === ISSUANCE_ACCOUNT) return AccountType.Issuance;
  return rights.length > 0 ? AccountType.Role : customerKind;
}

function notBookable(): Error {
  return notAllowed('The balance of the issuance account follows from the other accounts and cannot be set');
}

function hasEntries(): Error {
  return notAllowed(
    'The balance of an account with entries cannot be set; move money with POST /accounts/{name}/funds',
  );
}

function hasNoGrace({ accountType }: Account): Error {
  return notAllowed(`Accounts of kind ${accountType} have no grace`);
}

function makesNoClaims({ accountType }: Account): Error {
  return notAllowed(`Accounts of kind ${accountType} make no late claims`);
}

function newAccount(name: string): Account {
  return {
    name,
    posted: 0n,
    held: 0n,
    minimumAllowedBalance: 0n,
    positionBase: 0n,
    netDebitCap: null,
    closedAt: null,
    isDisabled: false,
    timesDisabled: 0,
    accountType: AccountType.MobileWallet,
    directUse: false,
    graceS: null,
    claimLedgerKeys: [],
    hasEntries: false,
    connector: null,
    rights: [],
    passwordHash: null,
  };
}

function withoutAbsent(change: AccountChange): AccountChange {
  return Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  ) as unknown as AccountChange;
}

function assertAboveFloor(balance: bigint, floor: bigint | null): void {
  if (floor === null || balance >= floor) return;
  throw notAllowed('The balance would be below the minimum allowed balance');
}

function openingBalance(account: string, difference: bigint): TransferContent {
  return fundsTransfer({
    id: randomUUID(),
    account,
    direction: difference > 0n ? FundsDirection.In : FundsDirection.Out,
    amount: difference > 0n ? difference : -difference,
    reference: 'opening balance',
  });
}

function notAllowed(message: string): Error {
  return transferError(TransferErrorCode.UnprocessableEntity, { message });
}
