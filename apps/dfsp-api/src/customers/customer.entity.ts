import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Kinds of accounts that payments may go to and come from. */
export enum CustomerAccountType {
  MobileWallet = 'mWallet',
  /** An agent's, for commissions. */
  AgentCommission = 'agentCommission',
}

/** A person or merchant of this DFSP. */
@Entity('customers')
export class Customer {
  /** The number under which the directory knows them. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'customers_pkey' })
  identifier: string;

  @Column('text', { name: 'first_name' })
  firstName: string;

  @Column('text', { name: 'last_name' })
  lastName: string;

  /** As it is shown to others. */
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
  /** Name on the ledger. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'customer_accounts_pkey' })
  name: string;

  /** The customer's. */
  @Column('text')
  identifier: string;

  @Column('text')
  type: CustomerAccountType;

  /** Exactly one account of a customer is. */
  @Column('boolean', { name: 'is_primary' })
  isPrimary: boolean;

  /** Whether the ledger was asked what the account is for; one that was mapped before that is asked about at its use. */
  @Column('boolean', { name: 'is_checked', default: false })
  isChecked: boolean;
}

export type CustomerWithAccounts = Customer & { accounts: CustomerAccount[] };
