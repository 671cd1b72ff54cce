import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/customers.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { StoresModule } from '../stores/stores.module.js';
import { PaymentCharges } from './payment-charges.js';

/** Fees and commissions of payments, on the DFSP's own ledger. */
@Module({
  imports: [CustomersModule, LedgerModule, StoresModule],
  providers: [PaymentCharges],
  exports: [PaymentCharges],
})
export class ChargesModule {}
