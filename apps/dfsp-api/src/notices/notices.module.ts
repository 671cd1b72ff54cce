import { Module } from '@nestjs/common';
import { StoresModule } from '../stores/stores.module.js';
import { NoticeSender } from './notice-sender.js';
import { NoticesRepository } from './notices.repository.js';
import { RefusedRejections } from './refused-rejections.js';
import { DfspApiUndeliveredController } from './undelivered.controller.js';

/** Notices about invoices to other DFSPs (hop III.A). */
@Module({
  imports: [StoresModule],
  controllers: [DfspApiUndeliveredController],
  providers: [NoticesRepository, RefusedRejections, NoticeSender],
  exports: [NoticesRepository, NoticeSender],
})
export class NoticesModule {}
