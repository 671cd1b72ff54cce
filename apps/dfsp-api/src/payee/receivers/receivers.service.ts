import { Injectable } from '@nestjs/common';
import { currencySymbol } from '@level-one/money';
import type { ReceiverDto } from '@level-one/peers';
import { CustomersService } from '../../customers/customers.service.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { OwnAccounts } from '../../ledger/own-accounts.js';

/** Receivers of payments at this DFSP. */
@Injectable()
export class PayeeReceiversService {
  constructor(
    private readonly customers: CustomersService,
    private readonly accounts: OwnAccounts,
    private readonly settings: DfspApiSettings,
  ) {}

  /** The receiver in the form for other DFSPs (row 7). @throws ContractError 404 UserNotFound, 422 NoAccount */
  async getReceiver(identifier: string): Promise<ReceiverDto> {
    const customer = await this.customers.getCustomer(identifier);
    const account = await this.customers.walletOf(customer);
    return {
      type: 'payee',
      name: customer.name,
      account: this.accounts.uriOf(account.name),
      currencyCode: this.settings.currency,
      currencySymbol: currencySymbol(this.settings.currency),
      currencyScale: this.settings.scale,
      imageUrl: customer.imageUrl,
      firstName: customer.firstName,
      lastName: customer.lastName,
    };
  }
}
