import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sets `ended_at` when a payment becomes final, also for an instance of the release before. */
const NOTE_END = `
  CREATE FUNCTION note_payment_end() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NEW.ended_at := CASE
      WHEN NEW.status NOT IN ('settingUp', 'paying', 'proposed', 'prepared') THEN clock_timestamp()
    END;
    RETURN NEW;
  END $$`;

const noteEndsOf = (table: string): string => `
  CREATE TRIGGER ${table}_end BEFORE UPDATE OF status ON ${table} FOR EACH ROW
  WHEN (NEW.status IS DISTINCT FROM OLD.status) EXECUTE FUNCTION note_payment_end()`;

/** What is known of old rows: the payee from the quote, and that a setup was made before its expiry. */
const FILL = [
  `UPDATE outgoing_payments AS payment SET payee_identifier = quote.identifier
   FROM quotes AS quote WHERE quote.payment_id = payment.payment_id AND quote.is_debit`,
  'UPDATE receiver_payments SET created_at = expires_at WHERE expires_at < created_at',
];

/** Each ends with the order of the lists. Executed payments, the most, have the index by time. */
const INDEXES = [
  'outgoing_payments_by_time ON outgoing_payments (created_at, payment_id)',
  'outgoing_payments_of_customer ON outgoing_payments (payer_identifier, created_at, payment_id)',
  'outgoing_payments_of_account ON outgoing_payments (account, created_at, payment_id)',
  `outgoing_payments_of_invoice ON outgoing_payments (split_part(invoice_url, '/', -1), created_at, payment_id)
   WHERE invoice_url IS NOT NULL`,
  `outgoing_payments_not_executed ON outgoing_payments (status, created_at, payment_id) WHERE status <> 'executed'`,
  'receiver_payments_by_time ON receiver_payments (created_at, payment_id)',
  'receiver_payments_of_customer ON receiver_payments (identifier, created_at, payment_id)',
  `receiver_payments_of_account ON receiver_payments ((approval ->> 'destinationAccount'), created_at, payment_id)`,
  `receiver_payments_not_executed ON receiver_payments (status, created_at, payment_id) WHERE status <> 'executed'`,
  `receiver_payments_by_invoice ON receiver_payments (invoice_id, created_at, payment_id)
   WHERE invoice_id IS NOT NULL`,
  'bulk_payments_by_time ON bulk_payments (created_at, id)',
  'bulk_payments_of_customer ON bulk_payments (payer_identifier, created_at, id)',
  `bulk_payments_open ON bulk_payments (status, created_at, id) WHERE status <> 'done'`,
];

/** Lists of payments and of bulk payments: who, when, why, and an index for each filter. */
export class ListPayments1796800006200 implements MigrationInterface {
  readonly name = 'ListPayments1796800006200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE outgoing_payments ADD COLUMN payee_identifier text, ADD COLUMN ended_at timestamptz',
    );
    await runner.query(`
      ALTER TABLE receiver_payments ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
        ADD COLUMN ended_at timestamptz, ADD COLUMN rejection_message json`);
    for (const statement of FILL) await runner.query(statement);
    await runner.query(NOTE_END);
    for (const table of ['outgoing_payments', 'receiver_payments']) await runner.query(noteEndsOf(table));
    for (const index of INDEXES) await runner.query(`CREATE INDEX ${index}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of INDEXES) await runner.query(`DROP INDEX ${index.split(' ')[0]}`);
    await runner.query('DROP FUNCTION note_payment_end() CASCADE');
    await runner.query(
      'ALTER TABLE receiver_payments DROP COLUMN created_at, DROP COLUMN ended_at, DROP COLUMN rejection_message',
    );
    await runner.query('ALTER TABLE outgoing_payments DROP COLUMN payee_identifier, DROP COLUMN ended_at');
  }
}
