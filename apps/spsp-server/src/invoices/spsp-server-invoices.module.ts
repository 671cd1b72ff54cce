import { Module } from '@nestjs/common';
import { SpspServerInvoicesController } from './invoices.controller.js';

/** Invoices of the DFSP, read by others (row 15), and notifications of theirs (hop III.C). */
@Module({
  controllers: [SpspServerInvoicesController],
})
export class SpspServerInvoicesModule {}
