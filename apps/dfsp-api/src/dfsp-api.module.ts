import { type DynamicModule, Module } from '@nestjs/common';
import { BothSidesModule } from './both-sides/both-sides.module.js';
import { CustomersModule } from './customers/customers.module.js';
import { dfspApiDatabase } from './dfsp-api.database.js';
import { dfspApiPeers } from './dfsp-api.peers.js';
import { DfspApiSettings } from './dfsp-api.settings.js';
import { LookupModule } from './lookup/lookup.module.js';
import { MerchantInvoicesModule } from './payee/invoices/merchant-invoices.module.js';
import { ReceiverPaymentsModule } from './payee/payments/receiver-payments.module.js';
import { PayeeQuotesModule } from './payee/quotes/payee-quotes.module.js';
import { PayeeReceiversModule } from './payee/receivers/receivers.module.js';
import { BulkPaymentsModule } from './payer/bulk/bulk-payments.module.js';
import { InvoiceNotificationsModule } from './payer/notifications/invoice-notifications.module.js';
import { OutgoingPaymentsModule } from './payer/payments/outgoing-payments.module.js';
import { PayerQuotesModule } from './payer/quotes/payer-quotes.module.js';
import { StoredQuotesModule } from './quotes/stored-quotes.module.js';
import { ReconciliationModule } from './reconciliation/reconciliation.module.js';
import { RecordsModule } from './records/records.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { TariffModule } from './tariff/tariff.module.js';

/** One DFSP's API: what both sides share, the payer's side, the payee's, and the routes that serve both. */
@Module({})
export class DfspApiModule {
  static forRoot(settings: DfspApiSettings): DynamicModule {
    return {
      module: DfspApiModule,
      imports: [
        dfspApiPeers(settings),
        dfspApiDatabase(settings),
        LookupModule,
        CustomersModule,
        PayeeReceiversModule,
        MerchantInvoicesModule,
        BothSidesModule,
        InvoiceNotificationsModule,
        PayerQuotesModule,
        PayeeQuotesModule,
        StoredQuotesModule,
        OutgoingPaymentsModule,
        ReceiverPaymentsModule,
        BulkPaymentsModule,
        TariffModule,
        RecordsModule,
        ReconciliationModule,
        RetentionModule,
      ],
    };
  }
}
