import { type DynamicModule, Module } from '@nestjs/common';
import { SpspClientInvoicesModule } from './invoices/spsp-client-invoices.module.js';
import { SpspClientIprModule } from './ipr/spsp-client-ipr.module.js';
import { SpspClientLookupModule } from './lookup/spsp-client-lookup.module.js';
import { SpspClientPaymentsModule } from './payments/spsp-client-payments.module.js';
import { SpspClientSetupModule } from './setup/spsp-client-setup.module.js';
import { spspClientDatabase } from './spsp-client.database.js';
import { spspClientPeers } from './spsp-client.peers.js';
import { SpspClientSettings } from './spsp-client.settings.js';

/** One SPSP client: lookups, invoices, setups, payments and payment requests. */
@Module({})
export class SpspClientModule {
  static forRoot(settings: SpspClientSettings): DynamicModule {
    return {
      module: SpspClientModule,
      imports: [
        spspClientPeers(settings),
        spspClientDatabase(settings),
        SpspClientLookupModule,
        SpspClientInvoicesModule,
        SpspClientSetupModule,
        SpspClientPaymentsModule,
        SpspClientIprModule,
      ],
    };
  }
}
