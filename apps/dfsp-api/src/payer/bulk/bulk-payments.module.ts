import { Module } from '@nestjs/common';
import { CustomersModule } from '../../customers/customers.module.js';
import { StoredQuotesModule } from '../../quotes/stored-quotes.module.js';
import { StoresModule } from '../../stores/stores.module.js';
import { OutgoingPaymentsModule } from '../payments/outgoing-payments.module.js';
import { PayerQuotesModule } from '../quotes/payer-quotes.module.js';
import { BulkPaymentsController } from './bulk-payments.controller.js';
import { BulkPaymentsRepository } from './bulk-payments.repository.js';
import { BulkPaymentsService } from './bulk-payments.service.js';
import { BulkWorker } from './bulk-worker.js';

/** Bulk payments: many payees paid from one account. */
@Module({
  imports: [CustomersModule, StoredQuotesModule, StoresModule, OutgoingPaymentsModule, PayerQuotesModule],
  controllers: [BulkPaymentsController],
  providers: [BulkPaymentsRepository, BulkWorker, BulkPaymentsService],
})
export class BulkPaymentsModule {}
