import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { nullableMinorUnitsColumn } from '@level-one/money';

/** What an account's owner may do beside using the account itself. Rights over accounts reach those of customers. */
export enum Right {
  /** All of the others, and to administer the ledger. */
  Admin = 'admin',
  /** Authorize the debit of any customer's account. */
  Authorize = 'authorize',
  /** Reject the credit of any customer's account. */
  Reject = 'reject',
  /** Execute what credits a customer's account that its owner does not use directly. */
  Fulfil = 'fulfil',
  /** Subscribe to the notifications of all accounts. */
  Subscribe = 'subscribe',
  /** See the balance of any account. */
  Read = 'read',
  /** Give any transfer its fees and commissions, and see them. */
  Charge = 'charge',
}

/** Kinds of accounts: who owns an account, and what may debit and credit it. */
export enum AccountType {
  /** Of a customer, merchant or agent. */
  MobileWallet = 'mw',
  /** Of the scheme. */
  Settlement = 's',
  Fee = 'f',
  Commission = 'c',
  AgentCommission = 'ac',
  /** Belongs to a connector, and is listed as one in the ledger's metadata. */
  Connector = 'con',
  /** Of a DFSP, on the central ledger. */
  Dfsp = 'dfsp',
  /** What all other accounts have was issued from it. */
  Issuance = 'issuance',
  /** A login with rights, for a role or an administrator; it holds no money. */
  Role = 'role',
}

/** An account; its funds are kept with its entries and holds, never summed on read. */
@Entity('accounts')
@Check('accounts_held_is_not_negative', 'held >= 0')
@Check('accounts_floor', 'minimum_allowed_balance IS NULL OR posted - held >= minimum_allowed_balance')
@Check('accounts_net_debit_cap_is_not_negative', 'net_debit_cap >= 0')
@Check('accounts_closed_is_disabled', 'closed_at IS NULL OR (is_disabled AND posted = 0 AND held = 0)')
@Check(
  'accounts_type_is_known',
  `account_type IN ('mw', 's', 'f', 'c', 'ac', 'con', 'dfsp', 'role') OR (account_type = 'issuance' AND name = 'issuance')`,
)
@Check('accounts_direct_use', `account_type = 'mw' OR direct_use = (account_type IN ('con', 'dfsp'))`)
export class AccountEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'accounts_pkey' })
  name: string;

  /** Sum of the account's entries, in minor units. */
  @Column('bigint', { transformer: nullableMinorUnitsColumn })
  posted: bigint;

  /** Sum of the open holds on the account, in minor units. */
  @Column('bigint', { transformer: nullableMinorUnitsColumn })
  held: bigint;

  /** `posted - held` never goes below it; null is no floor at all. */
  @Column('bigint', { name: 'minimum_allowed_balance', nullable: true, transformer: nullableMinorUnitsColumn })
  minimumAllowedBalance: bigint | null;

  /** What the account would have posted, had it neither paid nor received since the last settlement. */
  @Column('bigint', { name: 'position_base', default: 0, transformer: nullableMinorUnitsColumn })
  positionBase: bigint;

  /**
   * How far a prepare may bring the position, less what is held, below zero until it is settled; null is without a
   * cap. It binds new transfers only: a settlement, or a lower cap, stops no transfer that is prepared.
   */
  @Column('bigint', { name: 'net_debit_cap', nullable: true, transformer: nullableMinorUnitsColumn })
  netDebitCap: bigint | null;

  /** A closed account is disabled for good. */
  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt: Date | null;

  @Column('boolean', { name: 'is_disabled' })
  isDisabled: boolean;

  /** How often it was disabled; tokens of the time before stay bad when it is enabled again. */
  @Column('integer', { name: 'times_disabled', default: 0 })
  timesDisabled: number;

  @Column('text', { name: 'account_type' })
  accountType: AccountType;

  /**
   * Whether the owner prepares and fulfils transfers at the ledger himself. Without it a customer's account is used
   * through the DFSP's roles alone.
   */
  @Column('boolean', { name: 'direct_use', default: false })
  directUse: boolean;

  /** Whether anything was ever booked on it. */
  @Column('boolean', { name: 'has_entries', default: false })
  hasEntries: boolean;

  /** Address of the connector this account belongs to, where it has one. */
  @Column('text', { nullable: true })
  connector: string | null;

  @Column('text', { array: true })
  rights: Right[];

  /** Null: nobody can log in. */
  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash: string | null;
}

/** An account as plain data. */
export type Account = Pick<AccountEntity, keyof AccountEntity>;
