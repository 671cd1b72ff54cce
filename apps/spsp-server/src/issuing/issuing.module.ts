import { Module } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { type OldRows, Retention } from '@level-one/work';
import { DataSource } from 'typeorm';
import { SpspServerSettings } from '../spsp-server.settings.js';
import { PaymentIssuer } from './payment-issuer.js';
import { PaymentRequests } from './payment-requests.js';
import { RECEIVER_SECRET, receiverSecretOf } from './receiver-secret.js';
import { IssuedPaymentsRepository } from './store/issued-payments.repository.js';

/**
 * What the DFSP was told the end of is over, and what is undeliverable; a repeated setup is refused by the DFSP, which
 * keeps its payments.
 */
const OLD_ROWS: readonly OldRows[] = [
  { table: 'issued_payments', key: 'payment_id', isOld: 'told_at IS NOT NULL AND expires_at < $1' },
  { table: 'issued_payments', key: 'payment_id', isOld: 'given_up_at < $1' },
];

/** Conditions and packets of payments to this DFSP, and the payments that were issued. */
@Module({
  providers: [
    {
      provide: RECEIVER_SECRET,
      useFactory: ({ receiverSecret }: SpspServerSettings) => receiverSecretOf(receiverSecret),
      inject: [SpspServerSettings],
    },
    PaymentIssuer,
    PaymentRequests,
    IssuedPaymentsRepository,
    {
      provide: Retention,
      useFactory: (dataSource: DataSource, { retentionDays: days }: SpspServerSettings, logger: RoleLogger) =>
        new Retention({ dataSource, days, rows: OLD_ROWS, logger }),
      inject: [DataSource, SpspServerSettings, RoleLogger],
    },
  ],
  exports: [PaymentIssuer, PaymentRequests, IssuedPaymentsRepository],
})
export class IssuingModule {}
