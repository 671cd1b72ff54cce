import { formatAmount } from '@level-one/money';
import { AccountDto, PublicAccountDto } from '@level-one/peers';
import type { Account } from '../../schema/account.entity.js';
import { formatFloor } from './balances.js';
import type { LedgerProfile } from '../ledger-profile.js';

/** The public part of an account: {@link PublicAccountDto}. */
export function publicAccountToJson(
  { name }: Pick<Account, 'name'>,
  { uris }: LedgerProfile,
): Pick<PublicAccountDto, 'id' | 'name' | 'ledger'> {
  return { id: uris.account(name), name, ledger: uris.base };
}

/** The part of an account for roles that execute transfers for customers: its kind, not its funds. */
export function accountKindToJson(account: Account, profile: LedgerProfile): AccountDto {
  return {
    ...publicAccountToJson(account, profile),
    is_disabled: account.isDisabled,
    accountType: account.accountType,
    direct_use: account.directUse,
  };
}

export function accountToJson(account: Account, profile: LedgerProfile): AccountDto {
  const { scale } = profile;
  return {
    ...publicAccountToJson(account, profile),
    balance: formatAmount(account.posted - account.held, scale),
    held: formatAmount(account.held, scale),
    minimum_allowed_balance: formatFloor(account.minimumAllowedBalance, scale),
    ...(account.netDebitCap !== null && { net_debit_cap: formatAmount(account.netDebitCap, scale) }),
    is_disabled: account.isDisabled,
    ...(account.closedAt && { closed_at: account.closedAt.toISOString() }),
    accountType: account.accountType,
    direct_use: account.directUse,
    ...(account.graceS !== null && { grace_s: account.graceS }),
    ...(account.claimLedgerKeys.length > 0 && { claim_ledger_keys: account.claimLedgerKeys }),
    ...(account.connector && { connector: account.connector }),
    ...(account.rights.length > 0 && { rights: account.rights }),
  };
}
