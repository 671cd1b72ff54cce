import { type DynamicModule, Module } from '@nestjs/common';
import {
  BoundNotifications1795800002100,
  CreateInvoices1700000002000,
  Invoice,
  InvoiceNotification,
  InvoiceNotificationRepository,
  InvoiceRepository,
} from '@level-one/invoice';
import {
  CentralDirectoryClient,
  LedgerClient,
  ledgerUnitCheck,
  Peer,
  PeerHttp,
  RegisteredOrigins,
  SchemeAdapterClient,
  SpspClientProxyClient,
} from '@level-one/peers';
import {
  basicAuthorization,
  CredentialsAuthenticator,
  DatabaseModule,
  KeepUnit1796200000000,
  KeptUnit,
  RequestAuthenticator,
} from '@level-one/platform';
import { QUOTE_ENTITIES, QUOTE_MIGRATIONS, QuoteRepository } from '@level-one/quote';
import { FeeRules, Limits, TARIFF_ENTITIES, TARIFF_MIGRATIONS } from '@level-one/tariff';
import { DataSource } from 'typeorm';
import { BulkPayment, BulkRow } from './payer/bulk/bulk-payment.entity.js';
import { BulkPaymentsController } from './payer/bulk/bulk-payments.controller.js';
import { BulkPaymentsRepository } from './payer/bulk/bulk-payments.repository.js';
import { BulkPaymentsService } from './payer/bulk/bulk-payments.service.js';
import { BulkWorker } from './payer/bulk/bulk-worker.js';
import { BulkRowCurrencies1795300006100 } from './payer/bulk/bulk-row-currencies.migration.js';
import { CreateBulkPayments1795300006000 } from './payer/bulk/create-bulk-payments.migration.js';
import { CheckCustomerAccounts1795800001100 } from './customers/check-customer-accounts.migration.js';
import { CreateCustomers1700000001000 } from './customers/create-customers.migration.js';
import { Customer, CustomerAccount } from './customers/customer.entity.js';
import { CustomersController } from './customers/customers.controller.js';
import { CustomersService } from './customers/customers.service.js';
import { Allowances } from './requests/allowances.js';
import { DfspApiSettings } from './dfsp-api.settings.js';
import { ClientsController, DirectoryGatewayController } from './lookup/directory.controller.js';
import { FraudScorer, NoFraudKnown } from './lookup/fraud-scorer.js';
import { LookupService } from './lookup/lookup.service.js';
import { InvoiceNotificationsController } from './payer/notifications/invoice-notifications.controller.js';
import { InvoiceNotificationsService } from './payer/notifications/invoice-notifications.service.js';
import { InvoiceExpiry } from './payee/invoices/invoice-expiry.js';
import { InvoicePresenter } from './payee/invoices/invoice-presenter.js';
import { InvoiceReader } from './payer/invoices/invoice-reader.js';
import { InvoicesController } from './both-sides/invoices.controller.js';
import { MerchantInvoicesService } from './payee/invoices/merchant-invoices.service.js';
import { LedgerAccounts } from './ledger/ledger-accounts.js';
import { CreateNotices1700000003000 } from './notices/create-notices.migration.js';
import { Notice } from './notices/notice.entity.js';
import { NoticeSender } from './notices/notice-sender.js';
import { NoticesRepository } from './notices/notices.repository.js';
import { CreateOutgoingPayments1700000005000 } from './payer/payments/create-outgoing-payments.migration.js';
import { ConditionOutgoingPayments1795800005200 } from './payer/payments/condition-outgoing-payments.migration.js';
import { OutgoingPayment } from './payer/payments/outgoing-payment.entity.js';
import { OutgoingPaymentsRepository } from './payer/payments/outgoing-payments.repository.js';
import { PaymentKeeper } from './payer/payments/payment-keeper.js';
import { PaymentsController } from './payer/payments/payments.controller.js';
import { PaymentsService } from './payer/payments/payments.service.js';
import { BoundReceiverPayments1795800004200 } from './payee/payments/bound-receiver-payments.migration.js';
import { OwnTransfers } from './ledger/own-transfers.js';
import { PaymentCharges } from './charges/payment-charges.js';
import { InvoiceQuotes } from './payer/payments/invoice-quotes.service.js';
import { PaymentRunner } from './payer/payments/payment-runner.js';
import { QuoteOutgoingPayments1795300005100 } from './payer/payments/quote-outgoing-payments.migration.js';
import { TransfersController } from './payer/payments/transfers.controller.js';
import { TransfersService } from './payer/payments/transfers.service.js';
import { ChannelQuotesService } from './payer/quotes/channel-quotes.service.js';
import { IncomingQuotesService } from './payee/quotes/incoming-quotes.service.js';
import { OutgoingQuotesService } from './payer/quotes/outgoing-quotes.service.js';
import { QuoteHolds } from './quotes/quote-holds.js';
import { QuoteKeeper } from './quotes/quote-keeper.js';
import { QuotePresenter } from './quotes/quote-presenter.js';
import { QuoteTermsService } from './payer/quotes/quote-terms.service.js';
import { QuotedPayees } from './payer/quotes/quoted-payees.service.js';
import { QuotesController } from './quotes/quotes.controller.js';
import { StoredQuotes } from './quotes/stored-quotes.service.js';
import { InvoiceHolds } from './payee/payments/invoice-holds.js';
import { InvoicePayees } from './payee/payments/invoice-payees.service.js';
import { QuoteChecks } from './payee/payments/quote-checks.service.js';
import { QuoteReceiverPayments1795300004100 } from './payee/payments/quote-receiver-payments.migration.js';
import { CreateReceiverPayments1700000004000 } from './payee/payments/create-receiver-payments.migration.js';
import { ReceiverPayment } from './payee/payments/receiver-payment.entity.js';
import { ReceiverPaymentKeeper } from './payee/payments/receiver-payment-keeper.js';
import { ReceiverPaymentsController } from './payee/payments/receiver-payments.controller.js';
import { ReceiverPaymentsRepository } from './payee/payments/receiver-payments.repository.js';
import { ReceiverPaymentsService } from './payee/payments/receiver-payments.service.js';
import { SetupApprovalService } from './payee/payments/setup-approval.service.js';
import { Retention } from './retention/retention.js';
import { CustomerLimitsService } from './tariff/customer-limits.service.js';
import { FeeRulesController } from './tariff/fee-rules.controller.js';
import { LimitRulesController } from './tariff/limit-rules.controller.js';

export const DFSP_API_ENTITIES = [
  Customer,
  CustomerAccount,
  Invoice,
  InvoiceNotification,
  Notice,
  ReceiverPayment,
  OutgoingPayment,
  BulkPayment,
  BulkRow,
  KeptUnit,
  ...QUOTE_ENTITIES,
  ...TARIFF_ENTITIES,
];

export const DFSP_API_MIGRATIONS = [
  CreateCustomers1700000001000,
  CreateInvoices1700000002000,
  ...QUOTE_MIGRATIONS,
  ...TARIFF_MIGRATIONS,
  CreateNotices1700000003000,
  CreateReceiverPayments1700000004000,
  CreateOutgoingPayments1700000005000,
  QuoteReceiverPayments1795300004100,
  QuoteOutgoingPayments1795300005100,
  CreateBulkPayments1795300006000,
  BulkRowCurrencies1795300006100,
  CheckCustomerAccounts1795800001100,
  BoundNotifications1795800002100,
  BoundReceiverPayments1795800004200,
  ConditionOutgoingPayments1795800005200,
  KeepUnit1796200000000,
];

const TABLES_OF_AMOUNTS = [
  'invoices',
  'quotes',
  'limit_reservations',
  'limit_usage',
  'receiver_payments',
  'outgoing_payments',
  'bulk_payment_rows',
];
const HAS_AMOUNTS = TABLES_OF_AMOUNTS.map((table) => `EXISTS (SELECT FROM ${table})`).join(' OR ');

@Module({})
export class DfspApiModule {
  static forRoot(settings: DfspApiSettings): DynamicModule {
    return {
      module: DfspApiModule,
      imports: [
        DatabaseModule.forRole({
          settings,
          entities: DFSP_API_ENTITIES,
          migrations: DFSP_API_MIGRATIONS,
          unit: { settings, hasAmounts: HAS_AMOUNTS },
        }),
      ],
      controllers: [
        DirectoryGatewayController,
        ClientsController,
        CustomersController,
        InvoicesController,
        PaymentsController,
        InvoiceNotificationsController,
        ReceiverPaymentsController,
        QuotesController,
        TransfersController,
        FeeRulesController,
        LimitRulesController,
        BulkPaymentsController,
      ],
      providers: [
        { provide: DfspApiSettings, useValue: settings },
        {
          provide: RequestAuthenticator,
          useFactory: () =>
            new CredentialsAuthenticator({
              roles: settings.callers,
              channel: settings.apiCredentials,
              admin: settings.adminCredentials,
            }),
        },
        { provide: FraudScorer, useClass: NoFraudKnown },
        PeerHttp,
        ...peers(settings),
        ...domain(settings),
        Allowances,
        Retention,
        CustomersService,
        LedgerAccounts,
        LookupService,
        MerchantInvoicesService,
        InvoicePresenter,
        InvoiceReader,
        InvoiceExpiry,
        NoticesRepository,
        NoticeSender,
        InvoiceHolds,
        SetupApprovalService,
        ReceiverPaymentsRepository,
        ReceiverPaymentsService,
        ReceiverPaymentKeeper,
        InvoiceNotificationsService,
        OutgoingPaymentsRepository,
        PaymentCharges,
        PaymentKeeper,
        PaymentRunner,
        InvoiceQuotes,
        PaymentsService,
        TransfersService,
        QuoteHolds,
        OwnTransfers,
        QuoteChecks,
        InvoicePayees,
        QuotedPayees,
        QuoteTermsService,
        QuotePresenter,
        QuoteKeeper,
        StoredQuotes,
        IncomingQuotesService,
        OutgoingQuotesService,
        ChannelQuotesService,
        CustomerLimitsService,
        BulkPaymentsRepository,
        BulkWorker,
        BulkPaymentsService,
      ],
    };
  }
}

function peers(settings: DfspApiSettings) {
  const { centralDirectoryKey, centralDirectorySecret, ledgerUrl, ledgerName, ledgerPassword } = settings;
  return [
    {
      provide: CentralDirectoryClient,
      useFactory: (http: PeerHttp) =>
        new CentralDirectoryClient(
          http,
          settings.centralDirectoryUrl,
          basicAuthorization(centralDirectoryKey, centralDirectorySecret),
        ),
      inject: [PeerHttp],
    },
    {
      provide: RegisteredOrigins,
      useFactory: (directory: CentralDirectoryClient) => new RegisteredOrigins(directory),
      inject: [CentralDirectoryClient],
    },
    {
      provide: SpspClientProxyClient,
      useFactory: (http: PeerHttp) =>
        new SpspClientProxyClient(Peer.ofRole(http, settings.spspClientProxyUrl, settings)),
      inject: [PeerHttp],
    },
    {
      provide: SchemeAdapterClient,
      useFactory: (http: PeerHttp) => new SchemeAdapterClient(Peer.ofRole(http, settings.schemeAdapterUrl, settings)),
      inject: [PeerHttp],
    },
    {
      provide: LedgerClient,
      useFactory: (http: PeerHttp) =>
        new LedgerClient(http, { role: 'dfsp-ledger', baseUrl: ledgerUrl, name: ledgerName, password: ledgerPassword }),
      inject: [PeerHttp],
    },
    ledgerUnitCheck(settings),
  ];
}

function domain(settings: DfspApiSettings) {
  return [
    {
      provide: InvoiceRepository,
      useFactory: (dataSource: DataSource) => new InvoiceRepository(dataSource),
      inject: [DataSource],
    },
    {
      provide: InvoiceNotificationRepository,
      useFactory: (dataSource: DataSource) => new InvoiceNotificationRepository(dataSource),
      inject: [DataSource],
    },
    {
      provide: FeeRules,
      useFactory: (dataSource: DataSource) => new FeeRules(dataSource, settings.scale, settings.currency),
      inject: [DataSource],
    },
    {
      provide: Limits,
      useFactory: (dataSource: DataSource) => new Limits(dataSource, settings),
      inject: [DataSource],
    },
    {
      provide: QuoteRepository,
      useFactory: (dataSource: DataSource) => new QuoteRepository(dataSource),
      inject: [DataSource],
    },
  ];
}
