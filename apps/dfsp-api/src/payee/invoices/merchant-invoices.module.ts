import { Module } from '@nestjs/common';
import { InvoiceRepository } from '@level-one/invoice';
import { CustomersModule } from '../../customers/customers.module.js';
import { OwnLedgerModule } from '../../ledger/own-ledger.module.js';
import { LookupModule } from '../../lookup/lookup.module.js';
import { NoticesModule } from '../../notices/notices.module.js';
import { overdueSweeper } from '../../stores/overdue-sweeper.js';
import { StoresModule } from '../../stores/stores.module.js';
import { ReceiverPaymentsModule } from '../payments/receiver-payments.module.js';
import { InvoicePresenter } from './invoice-presenter.js';
import { InvoiceRejectionsService } from './invoice-rejections.service.js';
import { MerchantInvoicesController } from './merchant-invoices.controller.js';
import { MerchantInvoicesRepository } from './merchant-invoices.repository.js';
import { MerchantInvoicesService } from './merchant-invoices.service.js';

/** Invoices of this DFSP's merchants (hop II). */
@Module({
  imports: [CustomersModule, OwnLedgerModule, LookupModule, NoticesModule, StoresModule, ReceiverPaymentsModule],
  controllers: [MerchantInvoicesController],
  providers: [
    InvoicePresenter,
    MerchantInvoicesRepository,
    MerchantInvoicesService,
    InvoiceRejectionsService,
    overdueSweeper('invoice expiry', InvoiceRepository),
  ],
  exports: [MerchantInvoicesService, InvoiceRejectionsService],
})
export class MerchantInvoicesModule {}
