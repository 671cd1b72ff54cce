import { Injectable } from '@nestjs/common';
import { CommonErrorId, commonError, type HotStatements, KeptCopies, type KeptCopy } from '@level-one/platform';
import { DataSource, type EntityManager } from 'typeorm';
import { OwnAccounts } from '../ledger/own-accounts.js';
import { CustomerErrorId, customerError } from './customer-errors.js';
import { Customer, CustomerAccount, CustomerAccountType, type CustomerWithAccounts } from './customer.entity.js';

const ACCOUNTS_MAX = 20;
/** Maximum of customers in memory. */
const KEPT_MAX = 10_000;

/** People and merchants of this DFSP, and their accounts. */
@Injectable()
export class CustomersService {
  private readonly kept: KeptCopy<CustomerWithAccounts | undefined>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly copies: KeptCopies,
    private readonly ledgerAccounts: OwnAccounts,
  ) {
    this.kept = copies.keep({
      tables: ['customers', 'customer_accounts'],
      max: KEPT_MAX,
      load: customerLoader(copies.statements),
    });
  }

  /** The customer as their rows are, or were milliseconds ago: from memory. Frozen, because others share it. */
  findCustomer(identifier: string): Promise<CustomerWithAccounts | undefined> {
    return this.kept.read(identifier);
  }

  /** @throws ContractError 404 with the id `otherwise`, which depends on the route */
  async getCustomer(
    identifier: string,
    otherwise:
      | CustomerErrorId.UserNotFound
      | CustomerErrorId.ClientNotFound
      | CustomerErrorId.MerchantNotFound = CustomerErrorId.UserNotFound,
  ): Promise<CustomerWithAccounts> {
    const customer = await this.findCustomer(identifier);
    if (!customer) throw customerError(otherwise);
    return customer;
  }

  /** @throws ContractError 404 MerchantNotFound */
  async getMerchant(identifier: string): Promise<CustomerWithAccounts> {
    const customer = await this.getCustomer(identifier, CustomerErrorId.MerchantNotFound);
    if (!customer.isMerchant) throw customerError(CustomerErrorId.MerchantNotFound);
    return customer;
  }

  /** Whether the account belongs to a customer of this DFSP. */
  isAccount(name: string): Promise<boolean> {
    return this.dataSource.manager.existsBy(CustomerAccount, { name });
  }

  /**
   * Creates or replaces a customer with their accounts.
   * @throws ContractError 422 UnprocessableEntityError for an account that is no customer's account on the ledger,
   * AlreadyExistsError for another customer's; 502 if the ledger cannot be read
   */
  async replaceCustomer({ accounts, ...customer }: CustomerWithAccounts): Promise<void> {
    await Promise.all(accounts.map((account) => this.assertCustomerAccount(account)));
    await this.dataSource.transaction(async (manager) => {
      // The customer's row first: two replacements at once then run one after the other.
      await manager.upsert(Customer, customer, ['identifier']);
      await manager.delete(CustomerAccount, { identifier: customer.identifier });
      if (accounts.length === 0) return;
      await addAccounts(
        manager,
        accounts.map((account) => Object.assign(account, { isChecked: true })),
      );
    });
    this.copies.forget('customers', customer.identifier);
  }

  /**
   * Name of the customer's own account that a caller gave by name, URI or label (ruling 7).
   * @throws ContractError 404 with the id `otherwise` if it is not this customer's; 422 UnprocessableEntityError if it
   * is no customer's account on the ledger
   */
  async ownAccountOf(
    customer: CustomerWithAccounts,
    account: string,
    otherwise: CustomerErrorId.UnknownAccount | CustomerErrorId.MerchantNotFound = CustomerErrorId.UnknownAccount,
  ): Promise<string> {
    const name = this.ledgerAccounts.nameOf(account);
    const own = customer.accounts.find((one) => one.name === name && one.type === CustomerAccountType.MobileWallet);
    if (!own) throw customerError(otherwise);
    await this.assertUsable(own);
    return name;
  }

  /** Account that payments to a customer credit. @throws ContractError 422 NoAccount, UnprocessableEntityError */
  async walletOf(customer: CustomerWithAccounts): Promise<CustomerAccount> {
    const wallets = customer.accounts.filter((account) => account.type === CustomerAccountType.MobileWallet);
    const wallet = wallets.find((account) => account.isPrimary) ?? wallets[0];
    if (!wallet) throw customerError(CustomerErrorId.NoAccount);
    await this.assertUsable(wallet);
    return wallet;
  }

  /** Name of the agent's own account for commissions; undefined if they have none. @throws ContractError 422, 502 */
  async commissionAccountOf(identifier: string): Promise<string | undefined> {
    const customer = await this.findCustomer(identifier);
    const account = customer?.accounts.find(({ type }) => type === CustomerAccountType.AgentCommission);
    if (account) await this.assertUsable(account);
    return account?.name;
  }

  /** Checks an account of an older release once at the ledger. */
  private async assertUsable(account: CustomerAccount): Promise<void> {
    if (account.isChecked) return;
    await this.assertCustomerAccount(account);
    await this.dataSource.manager.update(CustomerAccount, { name: account.name }, { isChecked: true });
    this.copies.forget('customers', account.identifier);
  }

  private async assertCustomerAccount({ name }: Pick<CustomerAccount, 'name'>): Promise<void> {
    if (await this.ledgerAccounts.isCustomerAccount(name)) return;
    throw commonError(CommonErrorId.UnprocessableEntity, {
      message: `Account ${name} is no customer's account on the ledger`,
    });
  }
}

/** Reads customers with their accounts. */
function customerLoader(statements: HotStatements): (identifier: string) => Promise<CustomerWithAccounts | undefined> {
  const selectCustomer = statements.tableOf(Customer).select('WHERE identifier = $1');
  const selectAccounts = statements
    .tableOf(CustomerAccount)
    .select(`WHERE identifier = $1 ORDER BY is_primary DESC, name LIMIT ${ACCOUNTS_MAX}`);
  return async (identifier) => {
    const [[customer], accounts] = await Promise.all([selectCustomer(identifier), selectAccounts(identifier)]);
    return (
      customer &&
      Object.freeze(Object.assign(customer, { accounts: accounts.map((account) => Object.freeze(account)) }))
    );
  };
}

/** Inserts accounts; the first customer to take a name has it. */
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
  throw commonError(CommonErrorId.AlreadyExists, { message: `Account ${taken.name} is another customer's` });
}
