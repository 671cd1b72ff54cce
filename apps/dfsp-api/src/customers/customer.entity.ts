import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Kinds of customers' accounts. */
export enum CustomerAccountType {
  MobileWallet = 'mWallet',
  /** Account of an agent for commissions. */
  AgentCommission = 'agentCommission',
}

/** A person or merchant of this DFSP. */
@Entity('customers')
export class Customer {
  /** Number in the directory. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'customers_pkey' })
  identifier: string;

  @Column('text', { name: 'first_name' })
  firstName: string;

  @Column('text', { name: 'last_name' })
  lastName: string;

  /** Name for other DFSPs. */
  @Column('text')
  name: string;

  @Column('text', { name: 'image_url' })
  imageUrl: string;

  @Column('text', { name: 'national_id', nullable: true })
  nationalId: string | null;

  /** Date of birth, ISO-8601 day. */
  @Column('text', { nullable: true })
  dob: string | null;

  @Column('boolean', { name: 'is_merchant' })
  isMerchant: boolean;
}

/** An account on the DFSP's ledger that belongs to one customer. */
@Entity('customer_accounts')
@Index('customer_accounts_one_primary', ['identifier'], { unique: true, where: 'is_primary' })
export class CustomerAccount {
  /** Name of the account on the ledger. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'customer_accounts_pkey' })
  name: string;

  /** Number of the customer. */
  @Column('text')
  identifier: string;

  @Column('text')
  type: CustomerAccountType;

  /** Primary account; each customer with accounts has exactly one. */
  @Column('boolean', { name: 'is_primary' })
  isPrimary: boolean;

  /**
   * Whether the ledger confirmed that it is a customer's account; an account of an older release is checked at its
   * first use.
   */
  @Column('boolean', { name: 'is_checked', default: false })
  isChecked: boolean;
}

export type CustomerWithAccounts = Customer & { accounts: CustomerAccount[] };
