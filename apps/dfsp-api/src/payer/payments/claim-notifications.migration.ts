import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Claims a pending notification for its payment, if it has one. Refuses while another payment is in progress. */
const CLAIM_NOTIFICATION = `
  CREATE FUNCTION claim_notification(notification uuid, of_payment uuid) RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE invoice_notifications SET payment_id = of_payment
    WHERE id = notification AND status = 'pending' AND payment_id IS NULL;
    IF notification IS NOT NULL AND NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'LV005', MESSAGE = 'The notification cannot be claimed';
    END IF;
    RETURN true;
  END $$`;

/** Claims the notification of a payment in the statement that stores the payment. */
export class ClaimNotifications1796400005300 implements MigrationInterface {
  readonly name = 'ClaimNotifications1796400005300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CLAIM_NOTIFICATION);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION claim_notification(uuid, uuid)');
  }
}
