import { Module } from '@nestjs/common';
import { CustomersModule } from '../../customers/customers.module.js';
import { OwnLedgerModule } from '../../ledger/own-ledger.module.js';
import { StoresModule } from '../../stores/stores.module.js';
import { ReceiverPaymentsModule } from '../payments/receiver-payments.module.js';
import { IncomingQuotesService } from './incoming-quotes.service.js';
import { PayeeQuotesController } from './quotes.controller.js';

/** Quotes for DFSPs whose clients want to pay this DFSP's customers (hop Q.2). */
@Module({
  imports: [CustomersModule, OwnLedgerModule, StoresModule, ReceiverPaymentsModule],
  controllers: [PayeeQuotesController],
  providers: [IncomingQuotesService],
})
export class PayeeQuotesModule {}
