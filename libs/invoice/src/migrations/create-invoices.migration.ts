import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateInvoices1700000002000 implements MigrationInterface {
  readonly name = 'CreateInvoices1700000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE invoices (
        id uuid NOT NULL,
        type text NOT NULL,
        status text NOT NULL,
        merchant_identifier text NOT NULL,
        name text NOT NULL,
        account text NOT NULL,
        amount bigint NOT NULL,
        currency text NOT NULL,
        identifier text,
        info text NOT NULL,
        payment_id uuid,
        payer_identifier text,
        notified boolean NOT NULL,
        expires_at timestamptz,
        created_at timestamptz NOT NULL,
        CONSTRAINT invoices_pkey PRIMARY KEY (id),
        CONSTRAINT invoices_amount_is_positive CHECK (amount > 0),
        CONSTRAINT invoices_type_is_known CHECK (type IN ('standard', 'pending', 'product', 'cashOut')),
        CONSTRAINT invoices_status_is_known
          CHECK (status IN ('pending', 'approved', 'executed', 'rejected', 'cancelled', 'expired')),
        CONSTRAINT invoices_addressed_names_client
          CHECK (type NOT IN ('standard', 'cashOut') OR identifier IS NOT NULL),
        CONSTRAINT invoices_approved_has_payment CHECK (status <> 'approved' OR payment_id IS NOT NULL)
      )`);
    await runner.query(`
      CREATE INDEX invoices_pending_by_expiry ON invoices (expires_at)
      WHERE status = 'pending' AND expires_at IS NOT NULL`);
    await runner.query(`
      CREATE TABLE invoice_notifications (
        id uuid NOT NULL,
        invoice_url text NOT NULL,
        sender_identifier text NOT NULL,
        memo text NOT NULL,
        status text NOT NULL,
        payment_id uuid,
        created_at timestamptz NOT NULL,
        CONSTRAINT invoice_notifications_pkey PRIMARY KEY (id),
        CONSTRAINT invoice_notifications_pair UNIQUE (invoice_url, sender_identifier),
        CONSTRAINT invoice_notifications_status_is_known
          CHECK (status IN ('pending', 'executed', 'rejected', 'cancelled', 'expired'))
      )`);
    await runner.query(`
      CREATE INDEX invoice_notifications_pending ON invoice_notifications (sender_identifier, created_at, id)
      WHERE status = 'pending'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE invoice_notifications');
    await runner.query('DROP TABLE invoices');
  }
}
