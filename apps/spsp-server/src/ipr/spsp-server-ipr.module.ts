import { Module } from '@nestjs/common';
import { IssuingModule } from '../issuing/issuing.module.js';
import { SpspServerIprController } from './ipr.controller.js';
import { IprService } from './ipr.service.js';

/** Payment requests of quotes (row 45). */
@Module({
  imports: [IssuingModule],
  controllers: [SpspServerIprController],
  providers: [IprService],
})
export class SpspServerIprModule {}
