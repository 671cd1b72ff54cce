import { Module } from '@nestjs/common';
import { OutsideModule } from '../outside/outside.module.js';
import { SpspClientInvoicesController } from './invoices.controller.js';

/** Invoices of other DFSPs, read by their URL and notified. */
@Module({
  imports: [OutsideModule],
  controllers: [SpspClientInvoicesController],
})
export class SpspClientInvoicesModule {}
