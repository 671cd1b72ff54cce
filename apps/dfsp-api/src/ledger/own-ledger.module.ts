import { Module } from '@nestjs/common';
import { OwnAccounts } from './own-accounts.js';
import { OwnTransfers } from './own-transfers.js';

/** Accounts and transfers of the DFSP's own ledger. */
@Module({
  providers: [OwnAccounts, OwnTransfers],
  exports: [OwnAccounts, OwnTransfers],
})
export class OwnLedgerModule {}
