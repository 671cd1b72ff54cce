import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { parseAmount } from '@level-one/money';
import { LedgerClient } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { DfspApiSettings } from '../dfsp-api.settings.js';

/** Balances have more digits than any one amount. */
const BALANCE_PRECISION = 19;
/** What ledgers say of an account that may go down without end. */
const NO_FLOOR = '-infinity';
const UNLIMITED = 10n ** BigInt(BALANCE_PRECISION);

/** Kind of the accounts that customers may hold, as ledgers call it (`accountType`). */
const CUSTOMER_KIND = 'mw';

/** Accounts on the DFSP's own ledger: how they are called, and what is on them. */
@Injectable()
export class OwnAccounts {
  private readonly adapterBase: string;

  constructor(
    private readonly settings: DfspApiSettings,
    private readonly ledger: LedgerClient,
  ) {
    this.adapterBase = settings.ledgerAdapterUrl.replace(/\/+$/, '');
  }

  /** URI of an account as others see it, at the ledger adapter. */
  uriOf(name: string): string {
    return `${this.adapterBase}/accounts/${encodeURIComponent(name)}`;
  }

  /**
   * Name of the account that a caller means: the name itself, its URI at the adapter or the ledger, or the label
   * `<dfsp>.<name>.account` (contract D25). What is none of these stands for itself.
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
   * Minor units the account can still spend, holds and floor considered.
   * @throws ContractError 404 NotFoundError when the ledger has no such account, 502 when it does not tell.
   */
  async availableBalanceOf(name: string): Promise<bigint> {
    const { balance, minimum_allowed_balance: floor = '0' } = await this.ledger.account(name);
    if (balance === undefined) {
      throw commonError(CommonErrorId.External, { message: 'The ledger does not tell this role the balance' });
    }
    return floor === NO_FLOOR ? UNLIMITED : this.readSignedAmount(balance) - this.readSignedAmount(floor);
  }

  /**
   * Whether the ledger keeps the account for a customer, under exactly this name. The DFSP's own accounts, its
   * connector's, and those without a kind are not.
   * @throws ContractError 502 when the ledger does not tell
   */
  async isCustomerAccount(name: string): Promise<boolean> {
    const { feeAccount, commissionAccount, agentCommissionAccount } = this.settings;
    if ([feeAccount, commissionAccount, agentCommissionAccount].includes(name)) return false;
    try {
      const account = await this.ledger.account(name);
      return account.name === name && account.accountType === CUSTOMER_KIND;
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
