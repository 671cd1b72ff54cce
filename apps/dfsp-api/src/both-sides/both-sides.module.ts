import { Module } from '@nestjs/common';
import { MerchantInvoicesModule } from '../payee/invoices/merchant-invoices.module.js';
import { PayerInvoicesModule } from '../payer/invoices/payer-invoices.module.js';
import { InvoiceNotificationsModule } from '../payer/notifications/invoice-notifications.module.js';
import { InvoiceMessagesService } from './invoice-messages.service.js';
import { DfspApiInvoicesController } from './invoices.controller.js';
import { MessageAllowances } from './message-allowances.js';

/** Routes whose path serves both the payer's and the payee's side. */
@Module({
  imports: [InvoiceNotificationsModule, MerchantInvoicesModule, PayerInvoicesModule],
  controllers: [DfspApiInvoicesController],
  providers: [InvoiceMessagesService, MessageAllowances],
})
export class BothSidesModule {}
