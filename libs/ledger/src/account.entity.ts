import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { minorUnits } from './minor-units.js';

/** What an account's owner may do beside using the account itself. */
export enum Right {
  /** Everything. */
  Admin = 'admin',
  /** Authorize the debit of any account. */
  Authorize = 'authorize',
  /** Reject the credit of any account. */
  Reject = 'reject',
  /** Subscribe to the notifications of all accounts. */
  Subscribe = 'subscribe',
  /** See the balance of any account. */
  Read = 'read',
  /** Give any transfer its fees and commissions, and see them. */
  Charge = 'charge',
}

/** Kinds of accounts of a DFSP ledger. */
export enum AccountType {
  MobileWallet = 'mw',
  Settlement = 's',
  Fee = 'f',
  Commission = 'c',
  AgentCommission = 'ac',
  /** Belongs to a connector, and is listed as one in the ledger's metadata. */
  Connector = 'con',
}

/** An account; its funds are kept with its entries and holds, never summed on read. */
@Entity('accounts')
@Check('accounts_held_is_not_negative', 'held >= 0')
@Check('accounts_floor', 'minimum_allowed_balance IS NULL OR posted - held >= minimum_allowed_balance')
@Check('accounts_net_debit_cap_is_not_negative', 'net_debit_cap >= 0')
@Check('accounts_closed_is_disabled', 'closed_at IS NULL OR (is_disabled AND posted = 0 AND held = 0)')
export class AccountEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'accounts_pkey' })
  name: string;

  /** Sum of the account's entries, in minor units. */
  @Column('bigint', { transformer: minorUnits })
  posted: bigint;

  /** Sum of the open holds on the account, in minor units. */
  @Column('bigint', { transformer: minorUnits })
  held: bigint;

  /** `posted - held` never goes below it; null is no floor at all. */
  @Column('bigint', { name: 'minimum_allowed_balance', nullable: true, transformer: minorUnits })
  minimumAllowedBalance: bigint | null;

  /** What the account would have posted, had it neither paid nor received since the last settlement. */
  @Column('bigint', { name: 'position_base', default: 0, transformer: minorUnits })
  positionBase: bigint;

  /**
   * How far a prepare may bring the position, less what is held, below zero until it is settled; null is without a
   * cap. It binds new transfers only: a settlement, or a lower cap, stops no transfer that is prepared.
   */
  @Column('bigint', { name: 'net_debit_cap', nullable: true, transformer: minorUnits })
  netDebitCap: bigint | null;

  /** A closed account is disabled for good. */
  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt: Date | null;

  @Column('boolean', { name: 'is_disabled' })
  isDisabled: boolean;

  @Column('text', { name: 'account_type', nullable: true })
  accountType: AccountType | null;

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
