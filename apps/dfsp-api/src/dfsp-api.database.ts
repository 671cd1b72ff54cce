import {
  AddSubmissionUrls1796400002300,
  BoundNotifications1795800002100,
  CheckNotifications1796900002600,
  CountOpenNotifications1796400002200,
  CreateInvoices1700000002000,
  FindOldNotifications1796500002300,
  Invoice,
  InvoiceNotification,
  KeepInvoiceTimes1798300002700,
  KeepNotifiedInvoices1798600002800,
  ListInvoices1796800002500,
  ReleaseInvoices1796500002400,
} from '@level-one/invoice';
import { DatabaseModule, KeepUnit1796200000000, KeptUnit } from '@level-one/platform';
import { QUOTE_ENTITIES, QUOTE_MIGRATIONS } from '@level-one/quote';
import { TARIFF_ENTITIES, TARIFF_MIGRATIONS } from '@level-one/tariff';
import type { DynamicModule } from '@nestjs/common';
import { CheckCustomerAccounts1795800001100 } from './customers/check-customer-accounts.migration.js';
import { CreateCustomers1700000001000 } from './customers/create-customers.migration.js';
import { NotifyCustomerChanges1796300001200 } from './customers/notify-customer-changes.migration.js';
import { Customer, CustomerAccount } from './customers/customer.entity.js';
import { CreateNotices1700000003000 } from './notices/create-notices.migration.js';
import { DeliverNotices1796900003200 } from './notices/deliver-notices.migration.js';
import { KeepNoticeTimes1798300003300 } from './notices/keep-notice-times.migration.js';
import { KeepSubmissionUrls1796400003100 } from './notices/keep-submission-urls.migration.js';
import { FindOldNotices1796500003100 } from './notices/find-old-notices.migration.js';
import { Notice } from './notices/notice.entity.js';
import { BoundReceiverPayments1795800004200 } from './payee/payments/bound-receiver-payments.migration.js';
import { CreateReceiverPayments1700000004000 } from './payee/payments/create-receiver-payments.migration.js';
import { ClaimInvoices1796400004300 } from './payee/payments/claim-invoices.migration.js';
import { FindOldReceiverPayments1796500004300 } from './payee/payments/find-old-receiver-payments.migration.js';
import { QuoteReceiverPayments1795300004100 } from './payee/payments/quote-receiver-payments.migration.js';
import { LimitOpenQuotes1796400004000 } from './payee/quotes/limit-open-quotes.migration.js';
import { ReceiverPayment } from './payee/payments/receiver-payment.entity.js';
import { BulkDeadlines1796900006100 } from './payer/bulk/bulk-deadlines.migration.js';
import { BulkPayment, BulkRow } from './payer/bulk/bulk-payment.entity.js';
import { BulkRowCurrencies1795300006100 } from './payer/bulk/bulk-row-currencies.migration.js';
import { CreateBulkPayments1795300006000 } from './payer/bulk/create-bulk-payments.migration.js';
import { FindRefusedRows1798500006500 } from './payer/bulk/find-refused-rows.migration.js';
import { ConditionOutgoingPayments1795800005200 } from './payer/payments/condition-outgoing-payments.migration.js';
import { CreateOutgoingPayments1700000005000 } from './payer/payments/create-outgoing-payments.migration.js';
import { ClaimNotifications1796400005300 } from './payer/payments/claim-notifications.migration.js';
import { FindPaymentsOfNotifications1796500005300 } from './payer/payments/find-payments-of-notifications.migration.js';
import { NamePayees1798400006400 } from './payer/payments/name-payees.migration.js';
import { NoteSendersOfPayments1796700005400 } from './payer/payments/note-senders-of-payments.migration.js';
import { OutgoingPayment } from './payer/payments/outgoing-payment.entity.js';
import { QuoteOutgoingPayments1795300005100 } from './payer/payments/quote-outgoing-payments.migration.js';
import { MovePayments1796400003500 } from './quotes/move-payments.migration.js';
import { VoidPayments1796900003700 } from './quotes/void-payments.migration.js';
import { KeepPaymentTimes1798300006300 } from './records/keep-payment-times.migration.js';
import { ListPaymentsByAccount1798500006300 } from './records/list-payments-by-account.migration.js';
import { ListPaymentsByParty1798500006400 } from './records/list-payments-by-party.migration.js';
import { ListPayments1796800006200 } from './records/list-payments.migration.js';
import { DfspApiSettings } from './dfsp-api.settings.js';

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
  NotifyCustomerChanges1796300001200,
  CountOpenNotifications1796400002200,
  MovePayments1796400003500,
  LimitOpenQuotes1796400004000,
  ClaimInvoices1796400004300,
  ClaimNotifications1796400005300,
  AddSubmissionUrls1796400002300,
  KeepSubmissionUrls1796400003100,
  FindOldNotifications1796500002300,
  ReleaseInvoices1796500002400,
  FindOldNotices1796500003100,
  FindOldReceiverPayments1796500004300,
  FindPaymentsOfNotifications1796500005300,
  NoteSendersOfPayments1796700005400,
  ListInvoices1796800002500,
  ListPayments1796800006200,
  CheckNotifications1796900002600,
  DeliverNotices1796900003200,
  VoidPayments1796900003700,
  BulkDeadlines1796900006100,
  KeepInvoiceTimes1798300002700,
  KeepNoticeTimes1798300003300,
  KeepPaymentTimes1798300006300,
  NamePayees1798400006400,
  ListPaymentsByAccount1798500006300,
  ListPaymentsByParty1798500006400,
  FindRefusedRows1798500006500,
  KeepNotifiedInvoices1798600002800,
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

/** The database of one DFSP API, with the tables of all its features. */
export function dfspApiDatabase(settings: DfspApiSettings): DynamicModule {
  return DatabaseModule.forRole({
    settings,
    entities: DFSP_API_ENTITIES,
    migrations: DFSP_API_MIGRATIONS,
    unit: { settings, hasAmounts: HAS_AMOUNTS },
  });
}
