import { Module } from '@nestjs/common';
import { PayerAccountsModule } from '../accounts/payer-accounts.module.js';
import { SpspClientQuotesModule } from '../quotes/spsp-client-quotes.module.js';
import { SpspClientSetupModule } from '../setup/spsp-client-setup.module.js';
import { SpspClientLedgerEvents } from './outcomes/ledger-events.js';
import { SpspClientPaymentKeeper } from './outcomes/payment-keeper.js';
import { SpspClientPaymentOutcomes } from './outcomes/payment-outcomes.js';
import { PaymentWaiters } from './outcomes/payment-waiters.js';
import { SpspClientPaymentsController } from './payments.controller.js';
import { SpspClientPaymentsService } from './payments.service.js';
import { PaymentsRepository } from './store/payments.repository.js';

/** Payments begun on the DFSP's own ledger (hop P.B), and followed to their end. */
@Module({
  imports: [PayerAccountsModule, SpspClientQuotesModule, SpspClientSetupModule],
  controllers: [SpspClientPaymentsController],
  providers: [
    PaymentsRepository,
    PaymentWaiters,
    SpspClientPaymentOutcomes,
    SpspClientPaymentsService,
    SpspClientPaymentKeeper,
    SpspClientLedgerEvents,
  ],
  exports: [SpspClientPaymentsService],
})
export class SpspClientPaymentsModule {}
