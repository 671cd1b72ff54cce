import { Module } from '@nestjs/common';
import { LedgerAccounts, LedgerClient } from '@level-one/peers';
import { IssuingModule } from '../issuing/issuing.module.js';
import { DfspNotifier } from './dfsp-notifier.js';
import { IncomingPaymentsService } from './incoming-payments.service.js';
import { SpspServerLedgerEvents } from './ledger-events.js';

/** Transfers that come in on the DFSP's ledger: fulfilled or rejected, and notified to the DFSP. */
@Module({
  imports: [IssuingModule],
  providers: [
    {
      provide: LedgerAccounts,
      useFactory: (ledger: LedgerClient) => new LedgerAccounts(ledger),
      inject: [LedgerClient],
    },
    DfspNotifier,
    IncomingPaymentsService,
    SpspServerLedgerEvents,
  ],
})
export class IncomingPaymentsModule {}
