import { type DynamicModule, Module } from '@nestjs/common';
import { CreateSubscriptionCursors1700000000001, SubscriptionCursorEntity } from '@level-one/notifications';
import {
  CentralDirectoryClient,
  IlpConnectorClient,
  LedgerClient,
  ledgerUnitCheck,
  Peer,
  PeerHttp,
  RegisteredOrigins,
  requestSigner,
  SpspServerClient,
} from '@level-one/peers';
import {
  basicAuthorization,
  CredentialsAuthenticator,
  DatabaseModule,
  RequestAuthenticator,
} from '@level-one/platform';
import { ConnectorMessages } from './quotes/connector-messages.js';
import { ConnectorQuotes } from './quotes/connector-quotes.js';
import { CreatePayments1700000000300 } from './payments/store/create-payments.migration.js';
import { CreateSetups1700000000200 } from './setup/create-setups.migration.js';
import { SpspClientInvoicesController } from './invoices/invoices.controller.js';
import { SpspClientIprController } from './ipr/ipr.controller.js';
import { IprQuotesService } from './ipr/ipr-quotes.service.js';
import { SpspClientLedgerEvents } from './payments/outcomes/ledger-events.js';
import { OutsideUrls } from './outside/outside-urls.js';
import { OutsideWorld } from './outside/outside-world.js';
import { PayerAccounts } from './accounts/payer-accounts.js';
import { SpspClientPaymentKeeper } from './payments/outcomes/payment-keeper.js';
import { SpspClientPaymentOutcomes } from './payments/outcomes/payment-outcomes.js';
import { PaymentWaiters } from './payments/outcomes/payment-waiters.js';
import { Payment } from './payments/store/payment.entity.js';
import { SpspClientPaymentsController } from './payments/payments.controller.js';
import { PaymentsRepository } from './payments/store/payments.repository.js';
import { SpspClientPaymentsService } from './payments/payments.service.js';
import { SpspClientQueryController } from './lookup/query.controller.js';
import { SpspClientQuotesService } from './quotes/quotes.service.js';
import { SpspClientSetupController } from './setup/setup.controller.js';
import { Setup } from './setup/setup.entity.js';
import { SpspClientSetupService } from './setup/setup.service.js';
import { SetupsRepository } from './setup/setups.repository.js';
import { SpspClientSettings } from './spsp-client.settings.js';

@Module({})
export class SpspClientModule {
  static forRoot(settings: SpspClientSettings): DynamicModule {
    return {
      module: SpspClientModule,
      imports: [
        DatabaseModule.forRole({
          settings,
          entities: [Setup, Payment, SubscriptionCursorEntity],
          migrations: [CreateSubscriptionCursors1700000000001, CreateSetups1700000000200, CreatePayments1700000000300],
        }),
      ],
      controllers: [
        SpspClientQueryController,
        SpspClientInvoicesController,
        SpspClientSetupController,
        SpspClientPaymentsController,
        SpspClientIprController,
      ],
      providers: [
        PeerHttp,
        OutsideUrls,
        OutsideWorld,
        PayerAccounts,
        ConnectorMessages,
        SpspClientQuotesService,
        IprQuotesService,
        SetupsRepository,
        SpspClientSetupService,
        PaymentsRepository,
        PaymentWaiters,
        SpspClientPaymentOutcomes,
        SpspClientPaymentsService,
        SpspClientPaymentKeeper,
        SpspClientLedgerEvents,
        { provide: SpspClientSettings, useValue: settings },
        {
          provide: RequestAuthenticator,
          useFactory: () => new CredentialsAuthenticator({ roles: settings.callers }),
        },
        {
          provide: RegisteredOrigins,
          useFactory: (http: PeerHttp) =>
            new RegisteredOrigins(
              new CentralDirectoryClient(
                http,
                settings.centralDirectoryUrl,
                basicAuthorization(settings.centralDirectoryKey, settings.centralDirectorySecret),
              ),
            ),
          inject: [PeerHttp],
        },
        {
          provide: SpspServerClient,
          useFactory: (http: PeerHttp) => new SpspServerClient(http, requestSigner(settings)),
          inject: [PeerHttp],
        },
        {
          provide: IlpConnectorClient,
          useFactory: (http: PeerHttp, messages: ConnectorMessages) =>
            new ConnectorQuotes(Peer.ofRole(http, settings.ilpConnectorUrl, settings), messages),
          inject: [PeerHttp, ConnectorMessages],
        },
        {
          provide: LedgerClient,
          useFactory: (http: PeerHttp) =>
            new LedgerClient(http, {
              role: 'ledger-adapter',
              baseUrl: settings.ledgerAdapterUrl,
              name: settings.ledgerName,
              password: settings.ledgerPassword,
            }),
          inject: [PeerHttp],
        },
        ledgerUnitCheck(settings),
      ],
    };
  }
}
