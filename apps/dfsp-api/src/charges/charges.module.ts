import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/customers.module.js';
import { OwnLedgerModule } from '../ledger/own-ledger.module.js';
import { StoresModule } from '../stores/stores.module.js';
import { PaymentCharges } from './payment-charges.js';

/** Fees and commissions of payments, on the DFSP's own ledger. */
@Module({
  imports: [CustomersModule, OwnLedgerModule, StoresModule],
  providers: [PaymentCharges],
  exports: [PaymentCharges],
})
export class ChargesModule {}
