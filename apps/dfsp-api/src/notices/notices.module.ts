import { Module } from '@nestjs/common';
import { StoresModule } from '../stores/stores.module.js';
import { NoticeSender } from './notice-sender.js';
import { NoticesRepository } from './notices.repository.js';

/** Notices about invoices to other DFSPs (hop III.A). */
@Module({
  imports: [StoresModule],
  providers: [NoticesRepository, NoticeSender],
  exports: [NoticesRepository, NoticeSender],
})
export class NoticesModule {}
