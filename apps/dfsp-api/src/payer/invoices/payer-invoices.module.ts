import { Module } from '@nestjs/common';
import { StoresModule } from '../../stores/stores.module.js';
import { InvoiceReader } from './invoice-reader.js';

/** Reads invoices of any DFSP by their URL (row 14). */
@Module({
  imports: [StoresModule],
  providers: [InvoiceReader],
  exports: [InvoiceReader],
})
export class PayerInvoicesModule {}
