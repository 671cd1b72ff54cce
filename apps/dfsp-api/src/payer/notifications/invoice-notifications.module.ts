import { Module } from '@nestjs/common';
import { InvoiceNotificationRepository } from '@level-one/invoice';
import { CustomersModule } from '../../customers/customers.module.js';
import { NoticesModule } from '../../notices/notices.module.js';
import { overdueSweeper } from '../../stores/overdue-sweeper.js';
import { StoresModule } from '../../stores/stores.module.js';
import { PayerInvoicesModule } from '../invoices/payer-invoices.module.js';
import { OutgoingPaymentsModule } from '../payments/outgoing-payments.module.js';
import { IncomingNotificationsService } from './incoming-notifications.service.js';
import { InvoiceNotificationsController } from './invoice-notifications.controller.js';
import { InvoiceNotificationsService } from './invoice-notifications.service.js';
import { NotificationChecker } from './notification-checker.js';

/** Invoices that this DFSP's clients are notified of. */
@Module({
  imports: [CustomersModule, NoticesModule, StoresModule, PayerInvoicesModule, OutgoingPaymentsModule],
  controllers: [InvoiceNotificationsController],
  providers: [
    InvoiceNotificationsService,
    IncomingNotificationsService,
    NotificationChecker,
    overdueSweeper('notification expiry', InvoiceNotificationRepository),
  ],
  exports: [IncomingNotificationsService],
})
export class InvoiceNotificationsModule {}
