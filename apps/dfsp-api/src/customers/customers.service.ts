import { Injectable } from '@nestjs/common';
import { currencySymbol } from '@level-one/money';
import type { ReceiverDto } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { DataSource, type EntityManager } from 'typeorm';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { LedgerAccounts } from '../ledger-accounts.js';
import { CustomerErrorId, customerError } from './customer-errors.js';
import { Customer, CustomerAccount, CustomerAccountType, type CustomerWithAccounts } from './customer.entity.js';

const ACCOUNTS_MAX = 20;

/** The people and merchants of this DFSP, and which accounts are theirs. */
@Injectable()
export class CustomersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: DfspApiSettings,
    private readonly ledgerAccounts: LedgerAccounts,
  ) {}

  async find(identifier: string): Promise<CustomerWithAccounts | undefined> {
    const { manager } = this.dataSource;
    const [customer, accounts] = await Promise.all([
      manager.findOneBy(Customer, { identifier }),
      manager.find(CustomerAccount, {
        where: { identifier },
        order: { isPrimary: 'DESC', name: 'ASC' },
        take: ACCOUNTS_MAX,
      }),
    ]);
    return customer ? Object.assign(customer, { accounts }) : undefined;
  }

  /** @throws ContractError 404 with the id that the caller's route answers. */
  async get(
    identifier: string,
    otherwise:
      | CustomerErrorId.UserNotFound
      | CustomerErrorId.ClientNotFound
      | CustomerErrorId.MerchantNotFound = CustomerErrorId.UserNotFound,
  ): Promise<CustomerWithAccounts> {
    const customer = await this.find(identifier);
    if (!customer) throw customerError(otherwise);
    return customer;
  }

  /** @throws ContractError 404 MerchantNotFound */
  async merchant(identifier: string): Promise<CustomerWithAccounts> {
    const customer = await this.get(identifier, CustomerErrorId.MerchantNotFound);
    if (!customer.isMerchant) throw customerError(CustomerErrorId.MerchantNotFound);
    return customer;
  }

  /** Whether the account is anybody's. */
  isAccount(name: string): Promise<boolean> {
    return this.dataSource.manager.existsBy(CustomerAccount, { name });
  }

  /** Creates the customer, or replaces what is known of them. @throws ContractError 422 AlreadyExistsError */
  async replace({ accounts, ...customer }: CustomerWithAccounts): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      // First the customer's row, which two replacements at once would both have to take.
      await manager.upsert(Customer, customer, ['identifier']);
      await manager.delete(CustomerAccount, { identifier: customer.identifier });
      if (accounts.length > 0) await addAccounts(manager, accounts);
    });
  }

  /** The receiver that other DFSPs are told (row 7). @throws ContractError 404 UserNotFound, 422 NoAccount */
  async receiver(identifier: string): Promise<ReceiverDto> {
    const customer = await this.get(identifier);
    const account = primaryWallet(customer);
    return {
      type: 'payee',
      name: customer.name,
      account: this.ledgerAccounts.uriOf(account.name),
      currencyCode: this.settings.currency,
      currencySymbol: currencySymbol(this.settings.currency),
      currencyScale: this.settings.scale,
      imageUrl: customer.imageUrl,
      firstName: customer.firstName,
      lastName: customer.lastName,
      ...(customer.nationalId === null ? {} : { nationalId: customer.nationalId }),
      ...(customer.dob === null ? {} : { dob: customer.dob }),
    };
  }

  /**
   * Name of the customer's own account that a caller gave by name, URI or label (ruling 7).
   * @throws ContractError with `otherwise`, 404, when it belongs to nobody or to somebody else.
   */
  ownAccount(
    customer: CustomerWithAccounts,
    account: string,
    otherwise: CustomerErrorId.UnknownAccount | CustomerErrorId.MerchantNotFound = CustomerErrorId.UnknownAccount,
  ): string {
    const name = this.ledgerAccounts.nameOf(account);
    if (!customer.accounts.some((own) => own.name === name)) throw customerError(otherwise);
    return name;
  }
}

/** Where payments to a customer go. @throws ContractError 422 NoAccount */
export function primaryWallet(customer: CustomerWithAccounts): CustomerAccount {
  const wallets = customer.accounts.filter((account) => account.type === CustomerAccountType.MobileWallet);
  const wallet = wallets.find((account) => account.isPrimary) ?? wallets[0];
  if (!wallet) throw customerError(CustomerErrorId.NoAccount);
  return wallet;
}

/** Where an agent's commissions go, if they have an account of their own for it. */
export function commissionAccountOf(customer: CustomerWithAccounts): CustomerAccount | undefined {
  return customer.accounts.find(({ type }) => type === CustomerAccountType.AgentCommission);
}

/** An account name is taken once, whoever asks first. */
async function addAccounts(manager: EntityManager, accounts: CustomerAccount[]): Promise<void> {
  const { raw } = await manager
    .createQueryBuilder()
    .insert()
    .into(CustomerAccount)
    .values(accounts)
    .orIgnore()
    .returning('name')
    .execute();
  const added = new Set((raw as { name: string }[]).map(({ name }) => name));
  const taken = accounts.find(({ name }) => !added.has(name));
  if (!taken) return;
  throw commonError(CommonErrorId.AlreadyExists, { message: `Account ${taken.name} belongs to another customer` });
}
