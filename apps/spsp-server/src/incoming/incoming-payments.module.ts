import { Module } from '@nestjs/common';
import { LedgerAccounts, LedgerClient } from '@level-one/peers';
import { IssuingModule } from '../issuing/issuing.module.js';
import { DfspNotifier } from './dfsp-notifier.js';
import { IncomingPaymentsService } from './incoming-payments.service.js';
import { SpspServerLedgerEvents } from './ledger-events.js';
import { SpspServerUndeliveredController } from './undelivered.controller.js';
import { UnendedPaymentKeeper } from './unended-payment-keeper.js';

/** Transfers that come in on the DFSP's ledger: fulfilled or rejected, and notified to the DFSP. */
@Module({
  imports: [IssuingModule],
  controllers: [SpspServerUndeliveredController],
  providers: [
    {
      provide: LedgerAccounts,
      useFactory: (ledger: LedgerClient) => new LedgerAccounts(ledger),
      inject: [LedgerClient],
    },
    DfspNotifier,
    IncomingPaymentsService,
    SpspServerLedgerEvents,
    UnendedPaymentKeeper,
  ],
})
export class IncomingPaymentsModule {}
