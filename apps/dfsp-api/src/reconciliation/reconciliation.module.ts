import { Module } from '@nestjs/common';
import { OwnLedgerModule } from '../ledger/own-ledger.module.js';
import { ReconciliationController } from './reconciliation.controller.js';
import { ReconciliationService } from './reconciliation.service.js';

/** Comparison of payments, invoices, notifications, quotes and limits with each other and with the own ledger. */
@Module({
  imports: [OwnLedgerModule],
  controllers: [ReconciliationController],
  providers: [ReconciliationService],
})
export class ReconciliationModule {}
