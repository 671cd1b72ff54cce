import { KeepUnit1796200000000, KeptUnit } from '@level-one/platform';
import { AccountType, CreateTransfers1795000000000, TransferEntity } from '@level-one/transfer';
import type { MigrationInterface } from 'typeorm';
import { FindMemosOfProposals1796500000000 } from './migrations/find-memos-of-proposals.migration.js';
import { CustomerGraces, DfspGraces } from './migrations/graces.migration.js';
import { AccountEntity } from './account.entity.js';
import { CustomerAccountKinds, DfspAccountKinds } from './migrations/account-kinds.migration.js';
import { BoundedStorage1796100000000 } from './migrations/bounded-storage.migration.js';
import { CountDisabling1796300000000 } from './migrations/count-disabling.migration.js';
import { CountWrites1796400000000 } from './migrations/count-writes.migration.js';
import { ChargeEntity } from './charge.entity.js';
import { ChargesAndSettlement1795200000000 } from './migrations/charges-and-settlement.migration.js';
import { ClaimEntity } from './claim.entity.js';
import { ClaimLedgerKeys1798400000000 } from './migrations/claim-ledger-keys.migration.js';
import { Claims1798200000000 } from './migrations/claims.migration.js';
import { CreateLedger1795000000001 } from './migrations/create-ledger.migration.js';
import { DowntimeEntity } from './downtime.entity.js';
import { EntryEntity } from './entry.entity.js';
import { EventDigestEntity } from './event-digest.entity.js';
import { EventDigests1798300000000 } from './migrations/event-digests.migration.js';
import { EventEntity } from './event.entity.js';
import { EventsByAccount1796000000100 } from './migrations/events-by-account.migration.js';
import { Heartbeat1798000000000 } from './migrations/heartbeat.migration.js';
import { HoldEntity } from './hold.entity.js';
import { LedgerHeadEntity } from './ledger-head.entity.js';
import { LapsedTransfers1798150000000 } from './migrations/lapsed-transfers.migration.js';
import { SchemeChargeEntity } from './scheme-charge.entity.js';
import { VoidedDebits1797100000000 } from './migrations/voided-debits.migration.js';
import { SettlementWindows1798100000000 } from './migrations/settlement-windows.migration.js';
import {
  SettlementBankAccountEntity,
  SettlementConfirmationEntity,
  SettlementEntity,
  SettlementPositionEntity,
  SettlementWindowEntity,
} from './settlement.entity.js';
import { VoidedTransferEntity } from './voided-transfer.entity.js';

/** Entities of a ledger's database. */
export const LEDGER_ENTITIES = [
  TransferEntity,
  AccountEntity,
  EntryEntity,
  HoldEntity,
  EventEntity,
  LedgerHeadEntity,
  ChargeEntity,
  SchemeChargeEntity,
  SettlementEntity,
  SettlementPositionEntity,
  SettlementWindowEntity,
  SettlementConfirmationEntity,
  SettlementBankAccountEntity,
  VoidedTransferEntity,
  DowntimeEntity,
  ClaimEntity,
  EventDigestEntity,
  KeptUnit,
];

/** SQL condition: whether a ledger has amounts, that is, an account that can hold money, or a charge of the scheme. */
export const HAS_AMOUNTS = `
  EXISTS (SELECT FROM accounts WHERE account_type NOT IN ('issuance', 'role')) OR EXISTS (SELECT FROM scheme_charges)`;

/** Default kind of accounts: customer on a DFSP's ledger, DFSP on the central one. */
export type CustomerKind = AccountType.MobileWallet | AccountType.Dfsp;

/** Migrations of a ledger's database, oldest first. */
export function ledgerMigrations(customerKind: CustomerKind): (new () => MigrationInterface)[] {
  return [
    CreateTransfers1795000000000,
    CreateLedger1795000000001,
    ChargesAndSettlement1795200000000,
    customerKind === AccountType.Dfsp ? DfspAccountKinds : CustomerAccountKinds,
    EventsByAccount1796000000100,
    BoundedStorage1796100000000,
    KeepUnit1796200000000,
    CountDisabling1796300000000,
    CountWrites1796400000000,
    FindMemosOfProposals1796500000000,
    customerKind === AccountType.Dfsp ? DfspGraces : CustomerGraces,
    VoidedDebits1797100000000,
    Heartbeat1798000000000,
    SettlementWindows1798100000000,
    LapsedTransfers1798150000000,
    Claims1798200000000,
    EventDigests1798300000000,
    ClaimLedgerKeys1798400000000,
  ];
}

/** Migrations of a DFSP's ledger. */
export const LEDGER_MIGRATIONS = ledgerMigrations(AccountType.MobileWallet);
