import { type DynamicModule, Module } from '@nestjs/common';
import { IncomingPaymentsModule } from './incoming/incoming-payments.module.js';
import { SpspServerInvoicesModule } from './invoices/spsp-server-invoices.module.js';
import { SpspServerIprModule } from './ipr/spsp-server-ipr.module.js';
import { SpspServerReceiversModule } from './receivers/spsp-server-receivers.module.js';
import { SpspServerSetupModule } from './setup/spsp-server-setup.module.js';
import { spspServerDatabase } from './spsp-server.database.js';
import { spspServerPeers } from './spsp-server.peers.js';
import { SpspServerSettings } from './spsp-server.settings.js';

/** One SPSP server: receivers, invoices, setups and payment requests of its DFSP, and the payments that come in. */
@Module({})
export class SpspServerModule {
  static forRoot(settings: SpspServerSettings): DynamicModule {
    return {
      module: SpspServerModule,
      imports: [
        spspServerPeers(settings),
        spspServerDatabase(settings),
        SpspServerReceiversModule,
        SpspServerInvoicesModule,
        SpspServerSetupModule,
        SpspServerIprModule,
        IncomingPaymentsModule,
      ],
    };
  }
}
