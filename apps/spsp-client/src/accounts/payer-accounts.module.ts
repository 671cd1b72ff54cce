import { Module } from '@nestjs/common';
import { PayerAccounts } from './payer-accounts.js';

/** Accounts of the DFSP's own ledger, however a caller names them. */
@Module({
  providers: [PayerAccounts],
  exports: [PayerAccounts],
})
export class PayerAccountsModule {}
