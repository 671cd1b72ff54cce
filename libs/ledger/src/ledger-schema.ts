import { CreateTransfers1795000000000, TransferEntity } from '@level-one/transfer';
import { AccountEntity } from './account.entity.js';
import { ChargeEntity } from './charge.entity.js';
import { ChargesAndSettlement1795200000000 } from './charges-and-settlement.migration.js';
import { CreateLedger1795000000001 } from './create-ledger.migration.js';
import { EntryEntity } from './entry.entity.js';
import { EventEntity } from './event.entity.js';
import { EventsByAccount1795400000000 } from './events-by-account.migration.js';
import { HoldEntity } from './hold.entity.js';
import { LedgerHeadEntity } from './ledger-head.entity.js';
import { SchemeChargeEntity } from './scheme-charge.entity.js';
import { SettlementEntity, SettlementPositionEntity } from './settlement.entity.js';

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
];

/** Migrations of a ledger's database, oldest first. */
export const LEDGER_MIGRATIONS = [
  CreateTransfers1795000000000,
  CreateLedger1795000000001,
  ChargesAndSettlement1795200000000,
  EventsByAccount1795400000000,
];
