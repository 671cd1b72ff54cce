import { Injectable } from '@nestjs/common';
import { LedgerAccounts } from '@level-one/peers';
import { AccountType } from '@level-one/transfer';
import { IlpConnectorSettings } from '../ilp-connector.settings.js';
import { OwnLedgerClient } from './ledger-clients.js';

/** Accounts of the own ledger that take payments: those of customers only. */
@Injectable()
export class Payees {
  private readonly accounts: LedgerAccounts;

  constructor(
    ledger: OwnLedgerClient,
    private readonly settings: IlpConnectorSettings,
  ) {
    this.accounts = new LedgerAccounts(ledger);
  }

  /**
   * On a ledger without kinds of accounts, each account is a payee. @throws ContractError 502 while the ledger cannot be
   * asked
   */
  async hasPayee(account: string): Promise<boolean> {
    if (account === this.settings.ledgerName) return false;
    const told = await this.accounts.find(account);
    return told !== undefined && (told.accountType === undefined || told.accountType === AccountType.MobileWallet);
  }
}
