import { Module } from '@nestjs/common';
import { SpspServerSettings } from '../spsp-server.settings.js';
import { PaymentIssuer } from './payment-issuer.js';
import { RECEIVER_SECRET, receiverSecretOf } from './receiver-secret.js';
import { AbandonedPaymentSweeper } from './store/abandoned-payment-sweeper.js';
import { IssuedPaymentsRepository } from './store/issued-payments.repository.js';

/** Conditions and packets of payments to this DFSP, and the payments that were issued. */
@Module({
  providers: [
    {
      provide: RECEIVER_SECRET,
      useFactory: ({ receiverSecret }: SpspServerSettings) => receiverSecretOf(receiverSecret),
      inject: [SpspServerSettings],
    },
    PaymentIssuer,
    IssuedPaymentsRepository,
    AbandonedPaymentSweeper,
  ],
  exports: [PaymentIssuer, IssuedPaymentsRepository],
})
export class IssuingModule {}
