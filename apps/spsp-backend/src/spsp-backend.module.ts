import { type DynamicModule, Module } from '@nestjs/common';
import { DfspApiClient, PeerHttp, roleClient } from '@level-one/peers';
import { credentialsAuthenticator } from '@level-one/platform';
import { SpspBackendInvoicesController } from './invoices.controller.js';
import { SpspBackendPaymentsController } from './payments.controller.js';
import { SpspBackendReceiversController } from './receivers.controller.js';
import { SpspBackendSetupController } from './setup.controller.js';
import { SpspBackendSettings } from './spsp-backend.settings.js';

@Module({})
export class SpspBackendModule {
  static forRoot(settings: SpspBackendSettings): DynamicModule {
    return {
      module: SpspBackendModule,
      controllers: [
        SpspBackendReceiversController,
        SpspBackendInvoicesController,
        SpspBackendSetupController,
        SpspBackendPaymentsController,
      ],
      providers: [
        PeerHttp,
        { provide: SpspBackendSettings, useValue: settings },
        credentialsAuthenticator({ roles: settings.callers }),
        roleClient(DfspApiClient, settings.dfspApiUrl, settings),
      ],
    };
  }
}
