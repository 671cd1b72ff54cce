import { Module } from '@nestjs/common';
import { OwnAccounts } from './own-accounts.js';
import { OwnTransfers } from './own-transfers.js';
import { PaymentLog } from './payment-log.js';

/** Accounts and transfers of the DFSP's own ledger, and the log of payments there. */
@Module({
  providers: [OwnAccounts, OwnTransfers, PaymentLog],
  exports: [OwnAccounts, OwnTransfers, PaymentLog],
})
export class OwnLedgerModule {}
