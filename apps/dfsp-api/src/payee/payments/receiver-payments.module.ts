import { Module } from '@nestjs/common';
import { ChargesModule } from '../../charges/charges.module.js';
import { CustomersModule } from '../../customers/customers.module.js';
import { OwnLedgerModule } from '../../ledger/own-ledger.module.js';
import { StoredQuotesModule } from '../../quotes/stored-quotes.module.js';
import { StoresModule } from '../../stores/stores.module.js';
import { InvoiceHolds } from './invoice-holds.js';
import { InvoicePayees } from './invoice-payees.service.js';
import { ReceiverPaymentEnds } from './receiver-payment-ends.js';
import { ReceiverPaymentKeeper } from './receiver-payment-keeper.js';
import { ReceiverPaymentsController } from './receiver-payments.controller.js';
import { ReceiverPaymentsRepository } from './receiver-payments.repository.js';
import { ReceiverPaymentsService } from './receiver-payments.service.js';
import { SetupApprovalService } from './setup-approval.service.js';

/** Payments to this DFSP's customers (hops S.E, S.F and row 35). */
@Module({
  imports: [ChargesModule, CustomersModule, OwnLedgerModule, StoredQuotesModule, StoresModule],
  controllers: [ReceiverPaymentsController],
  providers: [
    InvoiceHolds,
    InvoicePayees,
    ReceiverPaymentsRepository,
    SetupApprovalService,
    ReceiverPaymentsService,
    ReceiverPaymentEnds,
    ReceiverPaymentKeeper,
  ],
  exports: [InvoiceHolds, InvoicePayees],
})
export class ReceiverPaymentsModule {}
