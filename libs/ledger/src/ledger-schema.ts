import { CreateTransfers1795000000000, Transfer } from '@level-one/transfer';
import { Account } from './account.entity.js';
import { CreateLedger1795000000001 } from './create-ledger.migration.js';
import { Entry } from './entry.entity.js';
import { Event } from './event.entity.js';
import { Hold } from './hold.entity.js';
import { LedgerHead } from './ledger-head.entity.js';

/** Entities of a ledger's database. */
export const LEDGER_ENTITIES = [Transfer, Account, Entry, Hold, Event, LedgerHead];

/** Migrations of a ledger's database, oldest first. */
export const LEDGER_MIGRATIONS = [CreateTransfers1795000000000, CreateLedger1795000000001];
