import { Module } from '@nestjs/common';
import { StoresModule } from '../../stores/stores.module.js';
import { InvoiceReader } from './invoice-reader.js';

/** Invoices of any DFSP, read to be paid (row 14). */
@Module({
  imports: [StoresModule],
  providers: [InvoiceReader],
  exports: [InvoiceReader],
})
export class PayerInvoicesModule {}
