import { Module } from '@nestjs/common';
import { StoresModule } from '../stores/stores.module.js';
import { NoticeSender } from './notice-sender.js';
import { NoticesRepository } from './notices.repository.js';

/** What other DFSPs are told of invoices (hop III.A), until it is delivered. */
@Module({
  imports: [StoresModule],
  providers: [NoticesRepository, NoticeSender],
  exports: [NoticesRepository, NoticeSender],
})
export class NoticesModule {}
