import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { nullableMinorUnitsColumn } from '@level-one/money';
import { AccountType, Right } from '@level-one/transfer';

/** An account. Its balance and holds are stored here too, and not summed on read. */
@Entity('accounts')
@Check('accounts_held_is_not_negative', 'held >= 0')
@Check('accounts_floor', 'minimum_allowed_balance IS NULL OR posted - held >= minimum_allowed_balance')
@Check('accounts_net_debit_cap_is_not_negative', 'net_debit_cap >= 0')
@Check('accounts_closed_is_disabled', 'closed_at IS NULL OR (is_disabled AND posted = 0 AND held = 0)')
@Check(
  'accounts_type_is_known',
  `account_type IN ('mw', 's', 'f', 'c', 'ac', 'con', 'dfsp', 'role') OR (account_type = 'issuance' AND name = 'issuance')`,
)
@Check('accounts_grace', `grace_s IS NULL OR (grace_s BETWEEN 0 AND 86400 AND account_type IN ('con', 'dfsp'))`)
@Check('accounts_claim_ledger_keys', `claim_ledger_keys = '{}' OR account_type IN ('con', 'dfsp')`)
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

  /** `posted - held` never goes below it, in minor units; null: no floor. */
  @Column('bigint', { name: 'minimum_allowed_balance', nullable: true, transformer: nullableMinorUnitsColumn })
  minimumAllowedBalance: bigint | null;

  /**
   * Balance without the payments and receipts since the last settlement, in minor units: the position is `posted` minus
   * this.
   */
  @Column('bigint', { name: 'position_base', default: 0, transformer: nullableMinorUnitsColumn })
  positionBase: bigint;

  /**
   * How far a prepare may bring the position, less holds, below zero, in minor units; null: no cap. It applies to new
   * transfers only: neither a settlement nor a lower cap stops a prepared transfer.
   */
  @Column('bigint', { name: 'net_debit_cap', nullable: true, transformer: nullableMinorUnitsColumn })
  netDebitCap: bigint | null;

  /** A closed account is disabled for good. */
  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt: Date | null;

  @Column('boolean', { name: 'is_disabled' })
  isDisabled: boolean;

  /** How often it was disabled. Tokens from before stay invalid after it is enabled again. */
  @Column('integer', { name: 'times_disabled', default: 0 })
  timesDisabled: number;

  @Column('text', { name: 'account_type' })
  accountType: AccountType;

  /** Whether the owner prepares and fulfils transfers at the ledger. Without direct use only the DFSP's roles do so. */
  @Column('boolean', { name: 'direct_use', default: false })
  directUse: boolean;

  /**
   * How long prepared transfers that credit it stay open to its owner after their expiry, in s; null: as long as the
   * ledger's setting says (ruling 39). Only for connectors and DFSPs.
   */
  @Column('integer', { name: 'grace_s', nullable: true })
  graceS: number | null;

  /** Public keys of the ledgers behind the account, whose statements prove its late claims, besides those of the setting. */
  @Column('text', { name: 'claim_ledger_keys', array: true, default: '{}' })
  claimLedgerKeys: string[];

  /** Whether the account has entries. */
  @Column('boolean', { name: 'has_entries', default: false })
  hasEntries: boolean;

  /** Address of the connector that owns the account; else null. */
  @Column('text', { nullable: true })
  connector: string | null;

  @Column('text', { array: true })
  rights: Right[];

  /** Null: no login. */
  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash: string | null;
}

/** An account as plain data. */
export type Account = Pick<AccountEntity, keyof AccountEntity>;
