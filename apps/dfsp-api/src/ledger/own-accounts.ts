import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { parseAmount } from '@level-one/money';
import { accountNameOf, LedgerClient } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { AccountType } from '@level-one/transfer';
import { DfspApiSettings } from '../dfsp-api.settings.js';

/** Digits of a balance: more than an amount has. */
const BALANCE_PRECISION = 19;
/** Five Bells spells "no minimum balance" like this. */
const NO_FLOOR = '-infinity';
const UNLIMITED = 10n ** BigInt(BALANCE_PRECISION);

/** Accounts on the DFSP's own ledger: their names, URIs, kinds and balances. */
@Injectable()
export class OwnAccounts {
  private readonly adapterBase: string;

  constructor(
    private readonly settings: DfspApiSettings,
    private readonly ledger: LedgerClient,
  ) {
    this.adapterBase = settings.ledgerAdapterUrl.replace(/\/+$/, '');
  }

  /** URI of an account at the ledger adapter, for other roles and DFSPs. */
  uriOf(name: string): string {
    return `${this.adapterBase}/accounts/${encodeURIComponent(name)}`;
  }

  /**
   * Name of the account that a caller means: the name itself, its URI at the adapter or the ledger, or the label
   * `<dfsp>.<name>.account` (contract D25). Any other text is returned as it is.
   */
  nameOf(account: string): string {
    for (const base of [this.adapterBase, this.ledger.baseUrl]) {
      const prefix = `${base}/accounts/`;
      if (account.startsWith(prefix)) return decodedSegment(account.slice(prefix.length));
    }
    const label = /^([^.]+)\.([^.]+)\.account$/.exec(account);
    return label?.[1] === this.settings.dfsp ? label[2]! : account;
  }

  /**
   * Name of an own account in what this role has kept: a URI from when the adapter may have been elsewhere, or a name.
   * Not for what callers send: they may mean another ledger.
   */
  keptName(account: string): string {
    return this.nameOf(accountNameOf(account) ?? account);
  }

  /**
   * Available balance above the floor, in minor units.
   * @throws ContractError 404 NotFoundError if the ledger has no such account, 502 if the balance cannot be read
   */
  async availableBalanceOf(name: string): Promise<bigint> {
    const { balance, minimum_allowed_balance: floor = '0' } = await this.ledger.account(name);
    if (balance === undefined) {
      throw commonError(CommonErrorId.External, { message: 'The ledger does not show the balance to this role' });
    }
    return floor === NO_FLOOR ? UNLIMITED : this.readSignedAmount(balance) - this.readSignedAmount(floor);
  }

  /**
   * Whether it is a customer's account on the ledger, under exactly this name. Accounts of the DFSP, of its connector,
   * and accounts without a kind are not.
   * @throws ContractError 502 if the ledger cannot be read
   */
  async isCustomerAccount(name: string): Promise<boolean> {
    const { feeAccount, commissionAccount, agentCommissionAccount } = this.settings;
    if ([feeAccount, commissionAccount, agentCommissionAccount].includes(name)) return false;
    try {
      const account = await this.ledger.account(name);
      return account.name === name && account.accountType === AccountType.MobileWallet;
    } catch (error) {
      if (error instanceof ContractError && error.status === 404) return false;
      throw error;
    }
  }

  private readSignedAmount(amount: string): bigint {
    const options = { scale: this.settings.scale, precision: BALANCE_PRECISION, allowZero: true };
    return amount.startsWith('-') ? -parseAmount(amount.slice(1), options) : parseAmount(amount, options);
  }
}

function decodedSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
