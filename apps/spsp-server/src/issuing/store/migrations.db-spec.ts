import { expect, it } from '@jest/globals';
import { HotStatements, openDatabase, RoleLogger } from '@level-one/platform';
import { createTestDatabase } from '@level-one/testing';
import type { DataSource, MigrationInterface } from 'typeorm';
import { AddPaymentRequests1795300000200 } from './add-payment-requests.migration.js';
import { CreateIssuedPayments1700000000100 } from './create-issued-payments.migration.js';
import { DeliverOutcomes1796900000400 } from './deliver-outcomes.migration.js';
import { FindOldIssuedPayments1796500000300 } from './find-old-issued-payments.migration.js';
import { IssuedPayment } from './issued-payment.entity.js';
import { KeepOutcomeTimes1798300000500 } from './keep-outcome-times.migration.js';
import type { SpspServerSettings } from '../../spsp-server.settings.js';
import { IssuedPaymentsRepository } from './issued-payments.repository.js';

const OPEN = '00000000-0000-4000-8000-000000000001';
const UNTOLD = '00000000-0000-4000-8000-000000000002';

/** A setup that waits for its payment, and one whose end was not told yet, as the first release wrote them. */
const ROWS = `
  INSERT INTO issued_payments (payment_id, fingerprint, invoice_id, identifier, sender_identifier, memo, account, amount,
    packet, condition, expires_at, reply, outcome, ended_at, tell_after) VALUES
    ('${OPEN}', 'f', '1', NULL, '78956562', '"Lunch"', 'bob', 1040, 'AA', 'ni:x', '2030-01-01', '{"id":"a"}',
      NULL, NULL, NULL),
    ('${UNTOLD}', 'g', NULL, '26547070', '78956562', NULL, 'bob', 5, 'AA', 'ni:y', '2026-01-01', '{"id":"b"}',
      'executed', '2026-01-01', '2026-01-01')`;

it('payments that the first release issued are there after its database is migrated, and go on', async () => {
  const database = await createTestDatabase();
  const open = (migrations: (new () => MigrationInterface)[]): Promise<DataSource> =>
    openDatabase({
      settings: { databaseUrl: database.url, databaseSchema: 'issued', databasePoolSize: 2 },
      entities: [IssuedPayment],
      migrations,
    });
  const first = await open([CreateIssuedPayments1700000000100]);
  await first.query(ROWS);
  await first.destroy();

  const dataSource = await open([
    CreateIssuedPayments1700000000100,
    AddPaymentRequests1795300000200,
    FindOldIssuedPayments1796500000300,
    DeliverOutcomes1796900000400,
    KeepOutcomeTimes1798300000500,
  ]);
  const statements = new HotStatements(dataSource);
  const payments = new IssuedPaymentsRepository(
    dataSource,
    RoleLogger.create({ role: 'test', dfsp: null }, 'silent'),
    { requestWrittenAfterMs: 50 } as SpspServerSettings,
    statements,
  );
  const ofSetups = { ipr: null, requestFingerprint: null, data: null };
  expect(await payments.findPayment(OPEN)).toMatchObject({
    ...ofSetups,
    fingerprint: 'f',
    invoiceId: '1',
    senderIdentifier: '78956562',
    memo: 'Lunch',
    amount: 1_040n,
    reply: { id: 'a' },
    outcome: null,
  });
  const never = { tellUntil: null, tellErrorId: null, tellError: null, givenUpAt: null };
  const end = { ...never, endedAt: new Date(), toldAt: null, tellAfter: new Date('2100-01-01'), tellAttempts: 1 };
  expect(await payments.endPayment(OPEN, { outcome: 'rejected', ...end })).toBe(true);
  const untold = await payments.takeUntold(new Date(), new Date('2100-01-01'), 10);
  expect(untold).toMatchObject([
    { ...ofSetups, paymentId: UNTOLD, identifier: '26547070', outcome: 'executed', tellAttempts: 1 },
  ]);
  await statements.onApplicationShutdown();
  await dataSource.destroy();
  await database.drop();
});
