import { Module } from '@nestjs/common';
import { CustomersModule } from '../../customers/customers.module.js';
import { OwnLedgerModule } from '../../ledger/own-ledger.module.js';
import { LookupModule } from '../../lookup/lookup.module.js';
import { NoticesModule } from '../../notices/notices.module.js';
import { StoresModule } from '../../stores/stores.module.js';
import { ReceiverPaymentsModule } from '../payments/receiver-payments.module.js';
import { InvoiceExpiry } from './invoice-expiry.js';
import { InvoicePresenter } from './invoice-presenter.js';
import { InvoiceRejectionsService } from './invoice-rejections.service.js';
import { MerchantInvoicesController } from './merchant-invoices.controller.js';
import { MerchantInvoicesService } from './merchant-invoices.service.js';

/** Invoices of this DFSP's merchants (hop II). */
@Module({
  imports: [CustomersModule, OwnLedgerModule, LookupModule, NoticesModule, StoresModule, ReceiverPaymentsModule],
  controllers: [MerchantInvoicesController],
  providers: [InvoicePresenter, MerchantInvoicesService, InvoiceRejectionsService, InvoiceExpiry],
  exports: [MerchantInvoicesService, InvoiceRejectionsService],
})
export class MerchantInvoicesModule {}
