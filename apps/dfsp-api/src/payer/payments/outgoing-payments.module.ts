import { Module } from '@nestjs/common';
import { ChargesModule } from '../../charges/charges.module.js';
import { CustomersModule } from '../../customers/customers.module.js';
import { OwnLedgerModule } from '../../ledger/own-ledger.module.js';
import { StoredQuotesModule } from '../../quotes/stored-quotes.module.js';
import { StoresModule } from '../../stores/stores.module.js';
import { PayerInvoicesModule } from '../invoices/payer-invoices.module.js';
import { PayerQuotesModule } from '../quotes/payer-quotes.module.js';
import { EarlierPayments } from './earlier-payments.service.js';
import { InvoicePaymentsController } from './invoice-payments.controller.js';
import { InvoicePaymentsService } from './invoice-payments.service.js';
import { InvoicePrices } from './invoice-prices.service.js';
import { InvoiceQuotes } from './invoice-quotes.service.js';
import { OutgoingPaymentKeeper } from './outgoing-payment-keeper.js';
import { OutgoingPaymentsRepository } from './outgoing-payments.repository.js';
import { OutgoingPaymentsService } from './outgoing-payments.service.js';
import { OutgoingPaymentOutcomes } from './outgoing-payment-outcomes.js';
import { QuotePaymentsController } from './quote-payments.controller.js';

/** Payments of this DFSP's clients (hops S.A, P.A and row 47). */
@Module({
  imports: [
    ChargesModule,
    CustomersModule,
    OwnLedgerModule,
    StoredQuotesModule,
    StoresModule,
    PayerInvoicesModule,
    PayerQuotesModule,
  ],
  controllers: [InvoicePaymentsController, QuotePaymentsController],
  providers: [
    OutgoingPaymentsRepository,
    OutgoingPaymentOutcomes,
    EarlierPayments,
    InvoicePrices,
    InvoiceQuotes,
    OutgoingPaymentsService,
    OutgoingPaymentKeeper,
    InvoicePaymentsService,
  ],
  exports: [InvoiceQuotes, OutgoingPaymentsRepository, OutgoingPaymentsService],
})
export class OutgoingPaymentsModule {}
