import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each ends with the order of the lists. Paid ones, the most, have the index by time. */
const INDEXES = [
  'invoices_by_time ON invoices (created_at, id)',
  'invoices_of_merchant ON invoices (merchant_identifier, created_at, id)',
  'invoices_of_client ON invoices (identifier, created_at, id) WHERE identifier IS NOT NULL',
  `invoices_not_executed ON invoices (status, created_at, id) WHERE status <> 'executed'`,
  'invoice_notifications_by_time ON invoice_notifications (created_at, id)',
  'invoice_notifications_of_client ON invoice_notifications (sender_identifier, created_at, id)',
  `invoice_notifications_of_invoice ON invoice_notifications (split_part(invoice_url, '/', -1), created_at, id)`,
  `invoice_notifications_not_executed ON invoice_notifications (status, created_at, id) WHERE status <> 'executed'`,
];

/** Lists of invoices and of notifications: an index for each filter. */
export class ListInvoices1796800002500 implements MigrationInterface {
  readonly name = 'ListInvoices1796800002500';

  async up(runner: QueryRunner): Promise<void> {
    for (const index of INDEXES) await runner.query(`CREATE INDEX ${index}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of INDEXES) await runner.query(`DROP INDEX ${index.split(' ')[0]}`);
  }
}
