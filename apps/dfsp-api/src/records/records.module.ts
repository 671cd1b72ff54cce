import { Module } from '@nestjs/common';
import { OwnLedgerModule } from '../ledger/own-ledger.module.js';
import { OutgoingPaymentsModule } from '../payer/payments/outgoing-payments.module.js';
import { DocumentRecords } from './document-records.js';
import { PaymentRecords } from './payment-records.js';
import { PaymentTimeline } from './payment-timeline.js';
import { RecordLists } from './record-lists.js';
import { RecordsController } from './records.controller.js';
import { RefusedRows } from './refused-rows.js';

/** Payments, invoices, notifications, quotes and bulk payments in lists (ruling 38). */
@Module({
  imports: [OwnLedgerModule, OutgoingPaymentsModule],
  controllers: [RecordsController],
  providers: [RecordLists, PaymentRecords, PaymentTimeline, DocumentRecords, RefusedRows],
})
export class RecordsModule {}
