import { type DynamicModule, Module } from '@nestjs/common';
import { CreateSubscriptionCursors1700000000001, SubscriptionCursorEntity } from '@level-one/notifications';
import {
  DfspAuthenticator,
  DfspCallers,
  dfspCallers,
  LedgerAccounts,
  LedgerClient,
  ledgerUnitCheck,
  Peer,
  PeerHttp,
  registeredOrigins,
  SchemeAdapterClient,
  SpspBackendClient,
} from '@level-one/peers';
import {
  CredentialsAuthenticator,
  DatabaseModule,
  KeepUnit1796200000000,
  KeptUnit,
  RequestAuthenticator,
} from '@level-one/platform';
import { AbandonedPayments } from './issuing/store/abandoned-payments.js';
import { AddPaymentRequests1795300000200 } from './issuing/store/add-payment-requests.migration.js';
import { CreateIssuedPayments1700000000100 } from './issuing/store/create-issued-payments.migration.js';
import { DfspNotifier } from './incoming/dfsp-notifier.js';
import { IncomingPaymentsService } from './incoming/incoming-payments.service.js';
import { SpspServerInvoicesController } from './invoices/invoices.controller.js';
import { SpspServerIprController } from './ipr/ipr.controller.js';
import { IprService } from './ipr/ipr.service.js';
import { IssuedPayment } from './issuing/store/issued-payment.entity.js';
import { IssuedPaymentsRepository } from './issuing/store/issued-payments.repository.js';
import { SpspServerLedgerEvents } from './incoming/ledger-events.js';
import { PaymentIssuer } from './issuing/payment-issuer.js';
import { RECEIVER_SECRET, receiverSecretOf } from './issuing/receiver-secret.js';
import { SpspServerReceiversController } from './receivers/receivers.controller.js';
import { SpspServerSetupController } from './setup/setup.controller.js';
import { SpspServerSetupService } from './setup/setup.service.js';
import { SpspServerSettings } from './spsp-server.settings.js';

@Module({})
export class SpspServerModule {
  static forRoot(settings: SpspServerSettings): DynamicModule {
    return {
      module: SpspServerModule,
      imports: [
        DatabaseModule.forRole({
          settings,
          entities: [IssuedPayment, SubscriptionCursorEntity, KeptUnit],
          migrations: [
            CreateSubscriptionCursors1700000000001,
            CreateIssuedPayments1700000000100,
            AddPaymentRequests1795300000200,
            KeepUnit1796200000000,
          ],
          unit: { settings, hasAmounts: 'EXISTS (SELECT FROM issued_payments)' },
        }),
      ],
      controllers: [
        SpspServerReceiversController,
        SpspServerInvoicesController,
        SpspServerSetupController,
        SpspServerIprController,
      ],
      providers: [
        PeerHttp,
        IssuedPaymentsRepository,
        PaymentIssuer,
        SpspServerSetupService,
        IprService,
        DfspNotifier,
        AbandonedPayments,
        IncomingPaymentsService,
        SpspServerLedgerEvents,
        { provide: SpspServerSettings, useValue: settings },
        {
          provide: RequestAuthenticator,
          useFactory: (dfsps: DfspCallers) =>
            new DfspAuthenticator(dfsps, new CredentialsAuthenticator({ roles: settings.callers })),
          inject: [DfspCallers],
        },
        registeredOrigins(settings),
        ...dfspCallers(settings),
        { provide: RECEIVER_SECRET, useFactory: () => receiverSecretOf(settings.receiverSecret) },
        {
          provide: SpspBackendClient,
          useFactory: (http: PeerHttp) => new SpspBackendClient(Peer.ofRole(http, settings.spspBackendUrl, settings)),
          inject: [PeerHttp],
        },
        {
          provide: SchemeAdapterClient,
          useFactory: (http: PeerHttp) =>
            new SchemeAdapterClient(Peer.ofRole(http, settings.schemeAdapterUrl, settings)),
          inject: [PeerHttp],
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
        {
          provide: LedgerAccounts,
          useFactory: (ledger: LedgerClient) => new LedgerAccounts(ledger),
          inject: [LedgerClient],
        },
        ledgerUnitCheck(settings),
      ],
    };
  }
}
